package dewy.core.app;

import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What runs of an app, in nobody's hands: what an app that is over has handed over, or an earlier agent has left.
 *
 * @param proxy what its proxy goes on with
 * @param runtime what its runtime goes on with
 */
public record Running(Optional<HandoverState> proxy, Optional<HandoverState> runtime) {
    static final Running NOTHING = new Running(Optional.empty(), Optional.empty());

    /** Lets it run on without this agent. */
    void letGo() {
        Stream.of(proxy, runtime)
                .flatMap(Optional::stream)
                .flatMap(state -> state.resources().values().stream())
                .forEach(Inheritable::letGo);
    }
}
