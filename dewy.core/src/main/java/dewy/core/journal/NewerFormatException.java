package dewy.core.journal;

import java.io.IOException;

/** A line of a journal is whole, and in a format that came after this agent. */
final class NewerFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    NewerFormatException(int line, String format) {
        super("line " + line + " is in format " + format + ", and this agent knows those up to " + JournalLine.FORMAT);
    }
}
