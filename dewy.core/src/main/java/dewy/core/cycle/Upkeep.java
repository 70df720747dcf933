package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.runtime.RuntimeStatus;
import dewy.core.event.EventKind;
import dewy.core.event.ReadableTime;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Has what is deployed serve where nothing of it does, whatever a cycle waits for or could not find. What its runtime gives up
 * again and again is started later and later; people are told once that it is down, and once that it is up again. For one
 * thread.
 */
final class Upkeep {
    private final AppMemory memory;
    private final Activator activator;
    private final Fallback fallback;
    private final ReleaseBackoff backoff;
    private final Outage outage;
    private final DeployHooks hooks;

    Upkeep(
            AppMemory memory,
            Activator activator,
            Fallback fallback,
            ReleaseBackoff backoff,
            Outage outage,
            DeployHooks hooks) {
        this.memory = memory;
        this.activator = activator;
        this.fallback = fallback;
        this.backoff = backoff;
        this.outage = outage;
        this.hooks = hooks;
    }

    /** Has the app's listeners open before anything serves behind them. */
    void listen(Pass pass) throws DewyException {
        activator.listen(pass);
    }

    /** Goes back from what turned out to be no good since it was activated; returns what came of it, if so. */
    Optional<Verdict> goBack(Pass pass) throws DewyException {
        return fallback.inspect(pass);
    }

    /**
     * Has what was deployed serve again, without asking the registry, as after a restart of the agent. Then ends what is left
     * of a hook, also where none is to run for long.
     *
     * @param renew whether what runs of it already is to be replaced
     */
    void resume(Pass pass, boolean renew) throws DewyException {
        try {
            listen(pass);
            pass.enter(CycleStep.RESUME);
            fallback.finish(pass);
            Optional<Installed> deployed = deployed();
            if (deployed.isPresent()) {
                activator.resume(pass, deployed.get(), renew);
            }
        } finally {
            hooks.endEarlier(pass);
        }
    }

    /** Looks how what is deployed is doing; returns what that comes to when it was given up. */
    Optional<Verdict> look(Pass pass) {
        Optional<Installed> deployed = deployed();
        Optional<RuntimeStatus> status = activator.status(pass);
        if (deployed.isEmpty() || status.isEmpty()) {
            return Optional.empty();
        }
        if (status.get().state() == RuntimeStatus.State.FAILED) {
            if (outage.givenUp(deployed.get())) {
                pass.events().publish(EventKind.OUTAGE_BEGAN, deployed.get().tag(), crashes(status.get()));
            }
            return Optional.of(waits(pass, deployed.get(), outage.wait(deployed.get())));
        }
        int times = outage.times();
        outage.look(deployed.get(), status.get()).ifPresent(duration -> pass.events()
                .publish(EventKind.OUTAGE_RECOVERED, deployed.get().tag(), times, duration));
        return Optional.empty();
    }

    /**
     * Has what is deployed serve again where nothing serves after a cycle. A deployment that failed is told first.
     *
     * @param verdict what the cycle came to
     */
    Verdict keep(Pass pass, Verdict verdict) throws DewyException {
        boolean failed = verdict instanceof Verdict.Failed;
        look(pass);
        if (activator.isServing(pass)) {
            return remarked(verdict, "");
        }
        if (pass.call().isOver() || (failed && pass.hasBegun())) {
            return verdict;
        }
        fallback.finish(pass);
        Optional<Installed> deployed = deployed();
        if (deployed.isEmpty() || activator.isServing(pass)) {
            return verdict;
        }
        pass.about(deployed.get().tag());
        Duration wait = pass.isAsked() ? Duration.ZERO : wait(deployed.get());
        if (wait.isZero()) {
            serveAgain(pass, deployed.get());
            return remarked(verdict, "; it was started again");
        }
        return failed ? verdict : waits(pass, deployed.get(), wait);
    }

    private void serveAgain(Pass pass, Installed deployed) throws DewyException {
        pass.enter(CycleStep.RESUME);
        try {
            activator.serveAgain(pass, deployed);
            backoff.forget(deployed.deliverable());
        } catch (CancelledException e) {
            throw e;
        } catch (DewyException e) {
            backoff.failed(deployed.deliverable(), e);
            throw e;
        }
        look(pass);
    }

    private Duration wait(Installed deployed) {
        Duration failed = backoff.left(deployed.tag());
        Duration givenUp = outage.wait(deployed);
        return failed.compareTo(givenUp) > 0 ? failed : givenUp;
    }

    private Verdict waits(Pass pass, Installed deployed, Duration wait) {
        String why = activator
                .status(pass)
                .filter(status -> status.state() == RuntimeStatus.State.FAILED)
                .map(status -> deployed.tag() + " is down, " + crashes(status))
                .orElseGet(() -> deployed.tag() + " is down, since it could not be started" + failure(deployed));
        Duration shown = wait.plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
        String when = wait.isZero() ? "with the next check" : "in " + ReadableTime.of(shown);
        return new Verdict.TryLater(
                CycleStep.SERVE, why + "; it is started again " + when, wait, Optional.of(deployed.tag()));
    }

    private String failure(Installed deployed) {
        String why = backoff.why(deployed.deliverable());
        return why.isEmpty() ? "" : " (" + why + ")";
    }

    private Verdict remarked(Verdict verdict, String what) {
        boolean isOut = deployed().filter(outage::isOf).isPresent();
        String often = outage.times() == 1 ? "once" : outage.times() + " times";
        String remark = isOut
                ? "; it was given up " + often + ", was started again, and is watched until it has stayed up for "
                        + ReadableTime.of(outage.stable())
                : what;
        return verdict.with(remark);
    }

    private static String crashes(RuntimeStatus status) {
        String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
        return "it crashed " + status.crashesInWords() + " and was given up" + detail;
    }

    private Optional<Installed> deployed() {
        return memory.deployed();
    }
}
