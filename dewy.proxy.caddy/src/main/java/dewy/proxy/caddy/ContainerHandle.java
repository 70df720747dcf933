package dewy.proxy.caddy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.process.Inheritable;
import dewy.engine.Engine;
import java.time.Duration;

/**
 * The container, as something that one instance leaves to the next, or to nobody. It is found again by its labels; its reference
 * is for people.
 */
record ContainerHandle(Engine engine, String name) implements Inheritable {
    /** Beside the limit, for the engine to do what it is told. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    @Override
    public String reference() {
        return "container " + name;
    }

    @Override
    public void end(Duration limit) {
        try (CancellableCall call = CancellableCall.of("end of " + reference(), limit.plus(SLACK))) {
            engine.stop(call, name, limit);
            engine.remove(call, name);
        } catch (DewyException e) {
            // It is gone already, or the engine is: nobody is left to tell.
        }
    }

    /** Does nothing: it belongs to the engine. */
    @Override
    public void letGo() {}
}
