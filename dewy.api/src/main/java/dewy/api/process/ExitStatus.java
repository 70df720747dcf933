package dewy.api.process;

import java.util.OptionalInt;

/**
 * How a child process ended.
 *
 * @param code its exit code; 128 plus the signal when it was ended by one; -1 when it is not known
 * @param signal the number of the signal that ended it
 */
public record ExitStatus(int code, OptionalInt signal) {
    /** How a process ended that was the child of somebody else. */
    public static final ExitStatus UNKNOWN = new ExitStatus(-1, OptionalInt.empty());

    public static ExitStatus exited(int code) {
        return new ExitStatus(code, OptionalInt.empty());
    }

    public static ExitStatus killed(int signal) {
        return new ExitStatus(128 + signal, OptionalInt.of(signal));
    }

    @Override
    public String toString() {
        if (code < 0) {
            return "ended, and its exit code is not known";
        }
        return signal.isPresent() ? "ended by signal " + signal.getAsInt() : "exited with code " + code;
    }
}
