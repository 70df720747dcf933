package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.fetch.Fetcher;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory.Installed;
import dewy.core.plugin.PluginSlot;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What remains to be done once a release serves. None of it can undo the deployment: what fails is told, and that is all. */
final class Settler {
    private final Fetcher fetcher;
    private final ReleaseDirectory releases;
    private final PluginSlot<Registry> registry;
    private final CycleSettings settings;
    private final Host host;
    private final InstantSource clock;

    /** Where a deployment took place. */
    record Host(String name, String command) {}

    Settler(
            Fetcher fetcher,
            ReleaseDirectory releases,
            PluginSlot<Registry> registry,
            CycleSettings settings,
            Host host,
            InstantSource clock) {
        this.fetcher = fetcher;
        this.releases = releases;
        this.registry = registry;
        this.settings = settings;
        this.host = host;
        this.clock = clock;
    }

    void settle(Pass pass, Deliverable deliverable, Installed installed) {
        attempt(pass, EventKind.HOUSEKEEPING_FAILED, () -> fetcher.markCurrent(pass.call(), deliverable));
        attempt(pass, EventKind.HOUSEKEEPING_FAILED, () -> prune(pass, installed));
        attempt(pass, EventKind.REPORT_FAILED, () -> report(pass, deliverable));
    }

    private void prune(Pass pass, Installed installed) throws DewyException {
        List<Path> removed = releases.prune(settings.keepReleases(), Set.of(installed.folder()));
        if (!removed.isEmpty()) {
            pass.events().publish(EventKind.RELEASES_PRUNED, removed.size(), settings.keepReleases());
        }
    }

    private void report(Pass pass, Deliverable deliverable) throws DewyException {
        DeploymentReport report =
                new DeploymentReport(deliverable, host.name(), host.command(), clock.instant(), Optional.empty());
        registry.<Boolean>use(pass.call(), instance -> {
            if (instance instanceof Reporting reporting) {
                reporting.report(pass.call(), report);
            }
            return true;
        });
    }

    private interface Work {
        void run() throws DewyException;
    }

    private static void attempt(Pass pass, EventKind failure, Work work) {
        try {
            work.run();
        } catch (DewyException e) {
            pass.events().publish(failure, e.problem().sentence());
        }
    }
}
