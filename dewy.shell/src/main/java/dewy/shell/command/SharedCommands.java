package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.event.EventLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The commands over whatever agent there is, for the socket and for prompts. */
@Component(service = SharedCommands.class)
public final class SharedCommands {
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Agent agent;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable EventLog events;

    private final Commands commands =
            new Commands(Host.local(() -> Optional.ofNullable(agent), () -> Optional.ofNullable(events)));

    public Commands commands() {
        return commands;
    }
}
