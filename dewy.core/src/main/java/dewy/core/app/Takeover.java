package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Survivors;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Goes on with what an agent that was killed, or left it on purpose, has running of an app. */
final class Takeover {
    private final Supplier<Survivors> survivors;

    Takeover(Supplier<Survivors> survivors) {
        this.survivors = survivors;
    }

    /** Returns what is left of what was written down, if anything is. */
    Optional<HandoverState> of(Optional<RunningFile.Found> found) throws DewyException {
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Inheritable> left = survivors.get().find(found.get().references());
        return left.isEmpty() ? Optional.empty() : Optional.of(found.get().with(left));
    }

    /** Lets it run on without this agent. */
    static void letGo(HandoverState state) {
        for (Inheritable resource : state.resources().values()) {
            if (resource instanceof ListeningSocket socket) {
                socket.close();
            }
        }
    }
}
