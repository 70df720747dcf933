package dewy.core.cycle;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.plugin.PluginSlot;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tells the registry what became of its releases, if it wants to know. What fails here is told to people, and changes nothing.
 *
 * @param limit how long it may take, as if it were asked
 * @param host the name of this host
 * @param command how the app runs
 */
record Reports(PluginSlot<Registry> registry, PollLimit limit, String host, String command, InstantSource clock) {
    void deployed(Pass pass, Deliverable deliverable) {
        send(pass, report(deliverable, Optional.empty()));
    }

    void failed(Pass pass, Deliverable deliverable, DewyException failure) {
        String error = failure.problem().sentence();
        send(pass, report(deliverable, Optional.of(error)));
    }

    private DeploymentReport report(Deliverable deliverable, Optional<String> error) {
        return new DeploymentReport(deliverable, host, command, clock.instant(), error);
    }

    private void send(Pass pass, DeploymentReport report) {
        // An attempt that took too long is told of as well.
        if (pass.call().isOver()) {
            try (CancellableCall longer = pass.outliving(limit.time())) {
                send(pass, longer, report);
            }
        } else {
            send(pass, pass.call(), report);
        }
    }

    private void send(Pass pass, CancellableCall whole, DeploymentReport report) {
        try {
            limit.<Boolean>within(whole, registry, (call, instance) -> {
                if (instance instanceof Reporting reporting) {
                    send(call, reporting, report);
                }
                return true;
            });
        } catch (DewyException e) {
            pass.events().publish(EventKind.REPORT_FAILED, e.problem().sentence());
        }
    }

    private static void send(Call call, Reporting reporting, DeploymentReport report) throws DewyException {
        if (report.error().isEmpty()) {
            reporting.report(call, report);
        } else {
            reporting.reportFailure(call, report);
        }
    }
}
