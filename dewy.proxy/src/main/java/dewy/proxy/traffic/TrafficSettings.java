package dewy.proxy.traffic;

import java.time.Duration;

/**
 * How a listener treats what passes through it.
 *
 * @param mode what is spoken on it
 * @param balance how one of several backends is chosen
 * @param hold what is done while there is no backend
 * @param timeouts how long who may take
 * @param headerLimit the most bytes of the header section of a request or a response, with the first line; from 1,024
 */
public record TrafficSettings(Mode mode, Balance balance, Hold hold, Timeouts timeouts, int headerLimit) {
    private static final int LEAST_HEADER_LIMIT = 1024;

    /** What is spoken: requests are told apart in HTTP only. */
    public enum Mode {
        HTTP,
        TCP
    }

    /** In turn, over all event loops, or the one with the least in flight; both by weight. */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_IN_FLIGHT
    }

    /**
     * What arrives while there is no backend is held.
     *
     * @param time how long; then it is refused
     * @param most how many at a time; what arrives beside them is refused at once
     */
    public record Hold(Duration time, int most) {
        public static final Hold DEFAULT = new Hold(Duration.ofSeconds(10), 1000);
    }

    /**
     * How long who may take; all are at least a millisecond.
     *
     * @param connect a backend to accept a connection
     * @param request a client to send the header section of a request, from its first byte or the connection on
     * @param response a backend to begin its response, once it has the request
     * @param keepAlive a client to send the next request
     * @param backendKeepAlive how long an unused connection to a backend is kept; shorter than what backends have themselves,
     *     so that they do not close one that is just used again
     * @param idle nothing to pass, either way, in the middle of a body, or on a connection that is relayed
     */
    public record Timeouts(
            Duration connect,
            Duration request,
            Duration response,
            Duration keepAlive,
            Duration backendKeepAlive,
            Duration idle) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(75),
                Duration.ofSeconds(4),
                Duration.ofSeconds(300));
    }

    public TrafficSettings {
        if (headerLimit < LEAST_HEADER_LIMIT) {
            throw new IllegalArgumentException(
                    "a header section has at least " + LEAST_HEADER_LIMIT + " bytes, not " + headerLimit);
        }
    }

    /** Returns what is used where nothing else is said. */
    public static TrafficSettings of(Mode mode) {
        return new TrafficSettings(mode, Balance.ROUND_ROBIN, Hold.DEFAULT, Timeouts.DEFAULT, 32 << 10);
    }

    public TrafficSettings with(Balance other) {
        return new TrafficSettings(mode, other, hold, timeouts, headerLimit);
    }

    public TrafficSettings with(Hold other) {
        return new TrafficSettings(mode, balance, other, timeouts, headerLimit);
    }

    public TrafficSettings with(Timeouts other) {
        return new TrafficSettings(mode, balance, hold, other, headerLimit);
    }

    public TrafficSettings withHeaderLimit(int bytes) {
        return new TrafficSettings(mode, balance, hold, timeouts, bytes);
    }
}
