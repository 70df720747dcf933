package dewy.api.proxy;

import java.time.Duration;

/**
 * What a proxy does with what arrives for an app. What is in flight goes on, whatever it is. Immutable.
 *
 * @param mode which of the things that can be done
 * @param page what requests are answered with during maintenance, HTML where it begins with {@code <}; empty otherwise
 * @param retryAfter when whoever was refused during maintenance may ask again, in whole seconds; zero otherwise
 */
public record Admission(Mode mode, String page, Duration retryAfter) {
    /** As usual. */
    public static final Admission SERVING = new Admission(Mode.SERVE, "", Duration.ZERO);

    public static final Admission PAUSED = new Admission(Mode.PAUSE, "", Duration.ZERO);

    /** What is answered during maintenance where nobody says anything else. */
    public static final Admission MAINTENANCE =
            maintenance("Down for maintenance. Please try again later.\n", Duration.ofMinutes(10));

    /** The most characters of a page, which is kept by the agent beside what else it hands over. */
    public static final int LONGEST_PAGE = 64 << 10;

    /** What can be done. */
    public enum Mode {
        /** It is sent to a backend. */
        SERVE,
        /** It is held as if there were no backend: for as long, and refused then. */
        PAUSE,
        /** Each request is answered with the status 503 and a page, each connection refused where requests are not told apart. */
        MAINTENANCE
    }

    public Admission {
        if (page.length() > LONGEST_PAGE || retryAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "a page has at most " + LONGEST_PAGE + " characters, and nobody asks again before he was refused");
        }
    }

    public static Admission maintenance(String page, Duration retryAfter) {
        return new Admission(Mode.MAINTENANCE, page, retryAfter);
    }
}
