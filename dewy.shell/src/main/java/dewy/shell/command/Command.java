package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import java.util.List;
import java.util.Optional;

/** A command of the scope {@code dewy}. */
interface Command {
    String name();

    /** Returns what it takes, for its help: {@code [app]}. */
    String takes();

    /** Returns what it does, in a sentence. */
    String summary();

    /** Returns more help, lines that end with a line feed; empty when there is no more to say. */
    default String details() {
        return "";
    }

    /** Returns its options, beside those that every command has. */
    default List<Option> options() {
        return List.of();
    }

    Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException;

    /** Returns what is shown until the viewer leaves; empty when the command is to be run once. */
    default Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        return Optional.empty();
    }
}
