package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restarts of all servers that signals ask for, one at a time. However many signals come meanwhile, they ask for one more.
 * Safe for use by several threads.
 */
final class Restarts {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");

    private final Agent agent;
    private final Executor workers;
    private Optional<String> next = Optional.empty();
    private boolean underWay;
    private boolean ended;

    Restarts(Agent agent, Executor workers) {
        this.agent = agent;
        this.workers = workers;
    }

    /** Has all servers restarted because of a signal, unless that is about to be done anyhow. */
    synchronized void want(String signal) {
        if (ended) {
            return;
        }
        next = Optional.of(signal);
        if (!underWay) {
            underWay = true;
            workers.execute(this::run);
        }
    }

    /** Begins none any more. */
    synchronized void end() {
        ended = true;
        next = Optional.empty();
    }

    private void run() {
        for (Optional<String> signal = begin(); signal.isPresent(); signal = begin()) {
            restartAll(signal.get());
        }
    }

    private synchronized Optional<String> begin() {
        Optional<String> signal = next;
        next = Optional.empty();
        underWay = signal.isPresent();
        return signal;
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private void restartAll(String signal) {
        for (AppStatus app : agent.apps()) {
            if (app.runtime().isPresent() && !isEnded()) {
                restart(app.name(), signal);
            }
        }
    }

    private void restart(String app, String signal) {
        LOG.atInfo()
                .addKeyValue("app", app)
                .addKeyValue("signal", "SIG" + signal)
                .log("Restart server");
        try {
            agent.restart(app, "signal");
        } catch (DewyException | RuntimeException e) {
            if (!isEnded()) {
                LOG.atError()
                        .addKeyValue("app", app)
                        .addKeyValue("error", e.getMessage())
                        .log("Restart failure");
            }
        }
    }
}
