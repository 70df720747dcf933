package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.registry.Registry;
import dewy.core.event.ReadableTime;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;

/** How long it may take to ask a registry, and to select among what it has: less than the deployment that may follow. */
record PollLimit(Duration time) {
    /** What is asked of a registry. */
    interface Question<R> {
        R ask(CancellableCall call, Registry registry) throws DewyException;
    }

    /** @throws UnreachableException if the registry has not answered in time */
    <R> R within(CancellableCall pass, PluginSlot<Registry> registry, Question<R> question) throws DewyException {
        try (CancellableCall poll = pass.within(time)) {
            return registry.use(poll, instance -> question.ask(poll, instance));
        } catch (ExpiredException e) {
            if (pass.isOver()) {
                throw e;
            }
            throw new UnreachableException(
                    Problem.of(
                            "ask the registry",
                            registry.url(),
                            "it did not answer within " + ReadableTime.of(time),
                            "See why, or give it more time with --poll-timeout"),
                    e);
        }
    }
}
