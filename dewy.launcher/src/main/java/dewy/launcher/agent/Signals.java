package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.process.OwnSignals;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals do: TERM, INT and QUIT stop the agent, and have it wait no longer for its servers when another one comes later;
 * HUP and USR1 replace the running generation of every app by a new one.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");
    private static final Duration LEAST_LIMIT = Duration.ofSeconds(45);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final long LONGEST_CUT_MILLIS = 5_000;
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "QUIT", 3, "TERM", 15);
    private static final int FAILED = 1;

    private final Runnable stop;
    private final StopWishes wishes = new StopWishes(System::nanoTime);
    private final StopSignals stopSignals;
    private volatile Optional<Agent> agent = Optional.empty();
    private volatile Optional<Restarts> restarts = Optional.empty();
    private volatile int exitCode;

    private Signals(Runnable stop) {
        this.stop = stop;
        stopSignals = StopSignals.handle(this::end);
    }

    /** Handles the signals that end the agent; {@code stop} is run once, on a thread of its own. */
    static Signals handle(Runnable stop, Optional<EarlySignals> early) {
        Signals signals = new Signals(stop);
        early.ifPresent(held -> held.giveTo(signals::end));
        return signals;
    }

    /** Has the signals act on an agent that is at work from now on. */
    void actOn(AgentFramework framework) throws LaunchException {
        Agent atWork = framework.agent();
        Restarts wanted = new Restarts(atWork, work -> background("dewy-signal", work));
        agent = Optional.of(atWork);
        restarts = Optional.of(wanted);
        for (String name : new String[] {"HUP", "USR1"}) {
            JvmSignal.handle(name, wanted::want);
        }
        FirstCycle cycle = new FirstCycle(framework.events());
        OwnSignals own = framework.ownSignals();
        stopSignals.ask(own);
        background("dewy-signals", () -> claim(own, cycle));
    }

    /** Has SIGHUP end the agent from now on: it tells that the terminal of the prompt is gone. */
    void endWithTerminal() {
        JvmSignal.handle("HUP", this::end);
    }

    /** Returns the exit code of an agent that has stopped. */
    int exitCode() {
        return exitCode;
    }

    private void end(String signal) {
        switch (wishes.next()) {
            case STOP -> {
                restarts.ifPresent(Restarts::end);
                Duration limit = limit();
                background("dewy-stop", () -> {
                    LOG.atInfo().addKeyValue("signal", "SIG" + signal).log("Shutting down");
                    stop.run();
                });
                background("dewy-stop-limit", () -> {
                    pause(limit.toMillis());
                    LOG.error("Stopping takes too long");
                    cutShort(FAILED);
                });
            }
            case CUT_SHORT -> {
                LOG.atWarn().addKeyValue("signal", "SIG" + signal).log("Stopping is cut short");
                cutShort(128 + NUMBERS.getOrDefault(signal, 0));
            }
            case SAME -> {}
        }
    }

    /** Returns how long the end may take: longer than the longest of the apps' time to stop. */
    private Duration limit() {
        Duration apps = agent.map(atWork -> atWork.stopLimit().plus(MARGIN)).orElse(LEAST_LIMIT);
        return apps.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : apps;
    }

    /** Kills what is waited for, so that the agent ends; by force when it does not all the same. */
    private void cutShort(int code) {
        exitCode = code;
        background("dewy-cut", () -> agent.ifPresent(Agent::cutStopShort));
        background("dewy-cut-limit", () -> {
            pause(LONGEST_CUT_MILLIS);
            Runtime.getRuntime().halt(code);
        });
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void claim(OwnSignals own, FirstCycle cycle) {
        try {
            cycle.await();
            own.claim();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DewyException e) {
            LOG.atDebug().addKeyValue("error", e.getMessage()).log("SIGQUIT stays with the JVM");
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 256 << 10);
        thread.setDaemon(true);
        thread.start();
    }
}
