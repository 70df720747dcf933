package dewy.launcher.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The signals that come before an agent can act on them: those that restart servers are let go, and those that stop it are
 * kept for it. Safe for use by several threads.
 */
public final class EarlySignals {
    private static final List<String> RESTARTS = List.of("HUP", "USR1");
    private static final List<String> STOPS = List.of("TERM", "INT");

    private final List<Runnable> before = new ArrayList<>();
    private @Nullable String kept;
    private @Nullable Consumer<String> handler;

    private EarlySignals() {}

    /** Takes them from now on, where they would end a process that is to become an agent. */
    public static EarlySignals hold() {
        EarlySignals signals = new EarlySignals();
        STOPS.forEach(name -> signals.before.add(JvmSignal.handle(name, signals::arrived)));
        RESTARTS.forEach(name -> signals.before.add(JvmSignal.handle(name, signal -> {})));
        return signals;
    }

    /** Gives those that are to stop the agent to {@code handler}, beginning with one that has come. */
    synchronized void giveTo(Consumer<String> handler) {
        this.handler = handler;
        if (kept != null) {
            handler.accept(kept);
            kept = null;
        }
    }

    /** Leaves all of them to the JVM again, as there will be no agent; one that has come ends the process. */
    public synchronized void letGo() {
        before.forEach(Runnable::run);
        if (kept != null) {
            JvmSignal.raise(kept);
        }
    }

    private synchronized void arrived(String name) {
        if (handler != null) {
            handler.accept(name);
        } else {
            kept = name;
        }
    }
}
