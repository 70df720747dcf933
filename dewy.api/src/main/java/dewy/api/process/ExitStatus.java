package dewy.api.process;

import java.util.OptionalInt;

/**
 * How a child process ended.
 *
 * @param code its exit code; 128 plus the signal when it was ended by one
 * @param signal the number of the signal that ended it
 */
public record ExitStatus(int code, OptionalInt signal) {
    public static ExitStatus exited(int code) {
        return new ExitStatus(code, OptionalInt.empty());
    }

    public static ExitStatus killed(int signal) {
        return new ExitStatus(128 + signal, OptionalInt.of(signal));
    }

    @Override
    public String toString() {
        return signal.isPresent() ? "ended by signal " + signal.getAsInt() : "exited with code " + code;
    }
}
