package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.fetch.Fetcher;
import dewy.core.plugin.PluginSlot;
import java.time.InstantSource;
import java.util.Optional;

/** What remains to be done once a release serves. None of it can undo the deployment: what fails is told, and that is all. */
final class Settler {
    private final Fetcher fetcher;
    private final Housekeeping housekeeping;
    private final PluginSlot<Registry> registry;
    private final Host host;
    private final InstantSource clock;

    /** Where a deployment took place. */
    record Host(String name, String command) {}

    Settler(Fetcher fetcher, Housekeeping housekeeping, PluginSlot<Registry> registry, Host host, InstantSource clock) {
        this.fetcher = fetcher;
        this.housekeeping = housekeeping;
        this.registry = registry;
        this.host = host;
        this.clock = clock;
    }

    void settle(Pass pass, Deliverable deliverable) {
        attempt(pass, EventKind.HOUSEKEEPING_FAILED, () -> fetcher.markCurrent(pass.call(), deliverable));
        prune(pass);
        attempt(pass, EventKind.REPORT_FAILED, () -> report(pass, deliverable));
    }

    /** Deletes the folders that are too many. */
    void prune(Pass pass) {
        attempt(pass, EventKind.HOUSEKEEPING_FAILED, () -> housekeeping.prune(pass));
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
