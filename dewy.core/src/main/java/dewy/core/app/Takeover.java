package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.process.Survivors;
import dewy.core.event.EventScope;
import dewy.core.plugin.PluginSlot;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds what an agent that was killed, or left it on purpose, has running of an app. */
final class Takeover {
    private final Supplier<Survivors> survivors;

    Takeover(Supplier<Survivors> survivors) {
        this.survivors = survivors;
    }

    /** Returns what the plugin of a slot is to go on with: of what was written down, what is left, and what it finds itself. */
    Optional<HandoverState> of(PluginSlot<?> slot, RunningFile file, EventScope events) throws DewyException {
        Optional<RunningFile.Found> found = file.read(events);
        Optional<HandoverState> kept = found.isPresent() ? Optional.of(left(found.get())) : Optional.empty();
        return slot.recover(kept);
    }

    private HandoverState left(RunningFile.Found found) throws DewyException {
        // Where there is nothing to be found, what finds it need not be there.
        Map<String, Inheritable> left =
                found.references().isEmpty() ? Map.of() : survivors.get().find(found.references());
        return found.with(left);
    }
}
