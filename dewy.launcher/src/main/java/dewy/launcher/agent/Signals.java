package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals do: TERM and INT stop the agent, and a second one ends it at once; HUP and USR1 replace the running
 * generation of every app by a new one.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");
    private static final long LONGEST_STOP_MILLIS = 45_000;

    private final Runnable stop;
    private volatile boolean stopping;

    private Signals(Runnable stop) {
        this.stop = stop;
    }

    /** Handles the signals that end the agent; {@code stop} is run once, on a thread of its own. */
    static Signals handle(Runnable stop) {
        Signals signals = new Signals(stop);
        for (String name : new String[] {"TERM", "INT"}) {
            JvmSignal.handle(name, signals::end);
        }
        for (String name : new String[] {"HUP", "USR1"}) {
            JvmSignal.handle(name, signal -> {});
        }
        return signals;
    }

    /** Has the signals that restart do so from now on. */
    void restart(Agent agent) {
        for (String name : new String[] {"HUP", "USR1"}) {
            JvmSignal.handle(name, signal -> background("dewy-signal", () -> restartAll(agent, signal)));
        }
    }

    /** Has SIGHUP end the agent from now on: it tells that the terminal of the prompt is gone. */
    void endWithTerminal() {
        JvmSignal.handle("HUP", this::end);
    }

    private void end(String signal) {
        if (stopping) {
            Runtime.getRuntime().halt("INT".equals(signal) ? 130 : 143);
        }
        stopping = true;
        background("dewy-stop", () -> {
            LOG.atInfo().addKeyValue("signal", "SIG" + signal).log("Shutting down");
            stop.run();
        });
        background("dewy-stop-limit", Signals::haltWhenTooLong);
    }

    private static void haltWhenTooLong() {
        try {
            Thread.sleep(LONGEST_STOP_MILLIS);
            LOG.error("Stopping takes too long; ending at once");
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void restartAll(Agent agent, String signal) {
        for (AppStatus app : agent.apps()) {
            if (app.runtime().isEmpty()) {
                continue;
            }
            LOG.atInfo()
                    .addKeyValue("app", app.name())
                    .addKeyValue("signal", "SIG" + signal)
                    .log("Restart server");
            try {
                agent.restart(app.name(), "signal");
            } catch (DewyException e) {
                LOG.atError()
                        .addKeyValue("app", app.name())
                        .addKeyValue("error", e.problem().sentence())
                        .log("Restart failure");
            }
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 256 << 10);
        thread.setDaemon(true);
        thread.start();
    }
}
