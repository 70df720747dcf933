package dewy.launcher.agent;

import dewy.api.process.OwnSignals;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * SIGTERM, SIGINT and SIGQUIT. The last one stays with the JVM until an agent claims it, and then comes under another name;
 * where it comes from a tool that wants to talk with the JVM, nobody is told.
 */
public final class StopSignals {
    private static final String QUIT = "QUIT";

    private final Consumer<String> handler;
    private volatile Optional<OwnSignals> own = Optional.empty();

    private StopSignals(Consumer<String> handler) {
        this.handler = handler;
    }

    /** Has {@code handler} called with the signal's name, on a thread of the JVM's, whenever one arrives. */
    public static StopSignals handle(Consumer<String> handler) {
        StopSignals signals = new StopSignals(handler);
        JvmSignal.handle("TERM", handler);
        JvmSignal.handle("INT", handler);
        if ("Linux".equals(System.getProperty("os.name"))) {
            JvmSignal.handle(OwnSignals.QUIT, name -> signals.quit());
        }
        return signals;
    }

    /** Says who tells from whom SIGQUIT comes. */
    public void ask(OwnSignals signals) {
        own = Optional.of(signals);
    }

    private void quit() {
        if (own.filter(OwnSignals::givesToJvm).isEmpty()) {
            handler.accept(QUIT);
        }
    }
}
