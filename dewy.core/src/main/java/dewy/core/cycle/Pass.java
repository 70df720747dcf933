package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.core.event.EventScope;
import java.util.Optional;
import java.util.function.Consumer;

/** One pass over the path of a release: its call, its events, and how far it has come. For one thread. */
public final class Pass {
    private final String deployId;
    private final CancellableCall call;
    private final EventScope events;
    private final boolean asked;
    private final Consumer<String> listener;
    private String step = "poll";
    private Optional<String> tag = Optional.empty();

    /**
     * Starts a pass.
     *
     * @param asked whether a person asked for it, so that waiting times are not observed
     * @param listener hears of each step that is entered
     */
    public Pass(String deployId, CancellableCall call, EventScope events, boolean asked, Consumer<String> listener) {
        this.deployId = deployId;
        this.call = call;
        this.events = events;
        this.asked = asked;
        this.listener = listener;
    }

    String deployId() {
        return deployId;
    }

    CancellableCall call() {
        return call;
    }

    EventScope events() {
        return events;
    }

    boolean isAsked() {
        return asked;
    }

    String step() {
        return step;
    }

    Optional<String> tag() {
        return tag;
    }

    void enter(String next) {
        step = next;
        listener.accept(next);
    }

    void about(String version) {
        tag = Optional.of(version);
    }
}
