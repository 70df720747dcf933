package dewy.runtime.process;

import dewy.api.process.ExitStatus;
import dewy.runtime.process.Attempt.Outcome;
import java.time.Duration;
import java.util.Optional;

/** Why a server that ended did so, for people. */
final class ExitReason {
    private static final String FOREGROUND = "a server that puts itself in the background is not supported";

    private ExitReason() {}

    /** Returns how it ended, and what is wrong with a server that ends well. */
    static String of(ExitStatus status) {
        return isWell(status) ? status + "; " + FOREGROUND : status.toString();
    }

    /** Returns why an attempt failed to which {@code limit} was given; nothing when it did well, or was withdrawn. */
    static Optional<String> of(Outcome outcome, Duration limit) {
        if (outcome instanceof Outcome.Exited exited) {
            return Optional.of(of(exited.status()));
        }
        if (outcome instanceof Outcome.Late late) {
            return Optional.of(late(limit, late.missing()));
        }
        if (outcome instanceof Outcome.NotKept notKept) {
            return Optional.of(notKept.failure().problem().sentence());
        }
        if (outcome instanceof Outcome.NotRouted notRouted) {
            return Optional.of(notRouted.failure().problem().sentence());
        }
        return Optional.empty();
    }

    /** Returns what is wrong with a server that did not become ready in time. */
    static String late(Duration limit, String missing) {
        boolean seconds = limit.toMillisPart() == 0;
        return "not ready within " + (seconds ? limit.toSeconds() + "s" : limit.toMillis() + "ms") + ": " + missing;
    }

    /** Returns what to do about a server that ended before it was ready. */
    static String advice(ExitStatus status, Object output) {
        return isWell(status) ? "Run it in the foreground: " + FOREGROUND : "See " + output;
    }

    private static boolean isWell(ExitStatus status) {
        return status.code() == 0;
    }
}
