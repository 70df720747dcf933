package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A command of the scope {@code dewy}. */
interface Command {
    /** What is shown while it comes about. */
    interface Live {
        /**
         * Returns what is to be said at the end.
         *
         * @throws IOException if the viewer left
         */
        Reply show(Screen screen) throws IOException, DewyException;

        /** Returns whether it goes on until the viewer leaves, and not to an end of its own. */
        default boolean goesOn() {
            return true;
        }
    }

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

    /** Returns whether it changes something, so that the audit log is to tell of it. */
    boolean changes();

    Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException;

    /** Returns what is shown meanwhile; empty when there is nothing to show but what comes of it. */
    default Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        return Optional.empty();
    }
}
