package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.process.Survivors;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.plugin.PluginSlot;
import dewy.core.plugin.Termination;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds what an agent that was killed, or left it on purpose, has running of an app. */
final class Takeover {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final String STOP_IT = "What was written down is ended; stop what else it has running of the app";

    private final Supplier<Survivors> survivors;

    Takeover(Supplier<Survivors> survivors) {
        this.survivors = survivors;
    }

    /**
     * Returns what the plugin of a slot is to go on with: of what was written down, what is left, and what it finds itself.
     * When this throws, what is left runs on without this agent.
     */
    Optional<HandoverState> of(PluginSlot<?> slot, Optional<RunningFile.Found> found) throws DewyException {
        Optional<HandoverState> kept = found.isPresent() ? Optional.of(left(found.get())) : Optional.empty();
        try {
            return slot.recover(kept);
        } catch (DewyException | RuntimeException e) {
            new Running(Optional.empty(), kept).letGo();
            throw e;
        }
    }

    /**
     * Ends what was left by a plugin that the app uses no more, since no other one understands it: that plugin says what there
     * is, where it can, and else what was written down is ended: an app begins whatever becomes of a plugin that it does not use.
     *
     * @param slot one for that plugin
     */
    void end(PluginSlot<?> slot, RunningFile.Found found, EventScope events) throws DewyException {
        HandoverState left = left(found);
        try {
            left = slot.recover(Optional.of(left)).orElse(left);
        } catch (DewyException e) {
            events.publish(EventKind.RUNNING_UNCLAIMED, slot.name(), e.problem().sentence(), STOP_IT);
        } catch (RuntimeException e) {
            events.publish(EventKind.RUNNING_UNCLAIMED, slot.name(), e.toString(), STOP_IT);
        }
        if (!left.resources().isEmpty()) {
            events.publish(
                    EventKind.RUNNING_ENDED,
                    slot.name(),
                    String.join(", ", left.resources().keySet()));
            Termination.await(left, END_LIMIT);
        }
    }

    private HandoverState left(RunningFile.Found found) throws DewyException {
        // Where there is nothing to be found, what finds it need not be there.
        Map<String, Inheritable> left =
                found.references().isEmpty() ? Map.of() : survivors.get().find(found.references());
        return found.with(left);
    }
}
