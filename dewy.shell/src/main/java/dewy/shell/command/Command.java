package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;

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

    Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException;
}
