package dewy.posix;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The ways to a listening socket of an earlier agent, the best one first. */
enum TakeoverWay {
    /** From the service manager that kept it. */
    STORE,
    /** From a process that has it. */
    PIDFD,
    /** Another one beside it. */
    REUSEPORT;

    static final String PROPERTY = "dewy.takeover";

    /** Returns all of them, or only the one that a property names. */
    static Set<TakeoverWay> allowed() throws InvalidException {
        Optional<String> only = Optional.ofNullable(System.getProperty(PROPERTY));
        if (only.isEmpty()) {
            return EnumSet.allOf(TakeoverWay.class);
        }
        for (TakeoverWay way : values()) {
            if (way.name().toLowerCase(Locale.ROOT).equals(only.get())) {
                return EnumSet.of(way);
            }
        }
        throw new InvalidException(
                Problem.of("take over sockets by -D" + PROPERTY, only.get(), "there is no such way", "Leave it out"));
    }
}
