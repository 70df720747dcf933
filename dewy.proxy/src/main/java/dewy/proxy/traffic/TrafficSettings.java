package dewy.proxy.traffic;

import java.time.Duration;
import java.util.Optional;

/**
 * How a listener treats what passes through it.
 *
 * @param mode what is spoken on it
 * @param balance how one of several backends is chosen
 * @param hold what is done while there is no backend
 * @param timeouts how long who may take
 * @param headerLimit the most bytes of the header section of a request or a response, with the first line; from 1,024
 * @param health how it is found out which backends are well
 * @param announced where the PROXY protocol is spoken
 */
public record TrafficSettings(
        Mode mode, Balance balance, Hold hold, Timeouts timeouts, int headerLimit, Health health, Announced announced) {
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

    /**
     * A backend that is not well gets nothing, unless none of them is well.
     *
     * @param failures how many times in a row it failed to answer when it is left out
     * @param ejection for how long; after that, one failure more leaves it out again
     * @param check how it is asked whether it is well, if it is
     */
    public record Health(int failures, Duration ejection, Optional<Check> check) {
        public static final Health DEFAULT = new Health(3, Duration.ofSeconds(10), Optional.empty());

        public Health with(Check asked) {
            return new Health(failures, ejection, Optional.of(asked));
        }
    }

    /**
     * A question that each backend in the set is asked again and again: for a page, where the listener speaks HTTP, and whether
     * it accepts a connection otherwise.
     *
     * @param path of the page; a status from 200 to 399 is well
     * @param interval between two questions, and the time that each of them has
     * @param rise how many in a row have to go well until one that was not well is
     * @param fall how many in a row have to fail until one that was well is not
     */
    public record Check(String path, Duration interval, int rise, int fall) {
        public Check {
            if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("\"" + path + "\" is no path of a page");
            }
            if (rise < 1 || fall < 1 || interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException(
                        "an interval, and what it takes to rise and fall, is more than zero");
            }
        }
    }

    /**
     * Where a connection begins with a header of the PROXY protocol, which says whose it is.
     *
     * @param byClients whether those that are accepted do: all of them, or they are closed
     * @param toBackends whether those to backends do; each serves one request only then, where requests are told apart
     */
    public record Announced(boolean byClients, boolean toBackends) {
        public static final Announced NOWHERE = new Announced(false, false);
    }

    /** As usual where it is not said how it is found out which backends are well, without the PROXY protocol. */
    public TrafficSettings(Mode mode, Balance balance, Hold hold, Timeouts timeouts, int headerLimit) {
        this(mode, balance, hold, timeouts, headerLimit, Health.DEFAULT, Announced.NOWHERE);
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
        return new TrafficSettings(mode, other, hold, timeouts, headerLimit, health, announced);
    }

    public TrafficSettings with(Hold other) {
        return new TrafficSettings(mode, balance, other, timeouts, headerLimit, health, announced);
    }

    public TrafficSettings with(Timeouts other) {
        return new TrafficSettings(mode, balance, hold, other, headerLimit, health, announced);
    }

    public TrafficSettings with(Health other) {
        return new TrafficSettings(mode, balance, hold, timeouts, headerLimit, other, announced);
    }

    public TrafficSettings with(Announced other) {
        return new TrafficSettings(mode, balance, hold, timeouts, headerLimit, health, other);
    }

    public TrafficSettings withHeaderLimit(int bytes) {
        return new TrafficSettings(mode, balance, hold, timeouts, bytes, health, announced);
    }
}
