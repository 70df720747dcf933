package dewy.api.proxy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What passed through a proxy.
 *
 * @param requests requests, or connections where requests are not told apart, answered since the start
 * @param failed those of them that could not be served
 * @param transfer how much passed, and for how long; empty where the proxy does not tell
 * @param backends what passed to each backend that is in a set, or has something in flight
 */
public record ProxyStatistics(long requests, long failed, Optional<Transfer> transfer, List<OfBackend> backends) {
    /** That of a proxy through which nothing has passed. */
    public static final ProxyStatistics NONE = new ProxyStatistics(0, 0, List.of());

    /**
     * How much passed, and for how long.
     *
     * @param bytes between clients and backends, in both directions
     * @param durations how long requests took until all of the answer was on its way, or, where requests are not told apart, how
     *     long connections were open
     */
    public record Transfer(long bytes, Latency durations) {
        /** That of nothing. */
        public static final Transfer NONE = new Transfer(0, Latency.NONE);

        /** Returns what both are together. */
        public Transfer plus(Transfer other) {
            return new Transfer(bytes + other.bytes, durations.plus(other.durations));
        }
    }

    /**
     * What passed to a backend. It is made by {@link #of}, and the methods that add to it, so that it can grow.
     *
     * @param backend its id
     * @param version the version of the release it runs; empty when it is not known
     * @param weight its share beside others of its set
     * @param state whether it gets something
     * @param requests what it was given and is over
     * @param errors those of them that it did not answer, or answered with a status from 500 on
     * @param active in flight
     * @param latency how long it took to begin to answer, or, where requests are not told apart, to accept a connection
     */
    public record OfBackend(
            String backend,
            String version,
            int weight,
            State state,
            long requests,
            long errors,
            long active,
            Latency latency) {
        /** Whether a backend gets something. */
        public enum State {
            /** It does. */
            HEALTHY,
            /** It does not, since it is not well, unless none is. */
            EJECTED,
            /** It is in no set any more, and has something in flight. */
            DRAINING
        }

        /** Returns what is told of a backend to which nothing has passed yet. */
        public static OfBackend of(String backend, String version) {
            return new OfBackend(backend, version, 1, State.HEALTHY, 0, 0, 0, Latency.NONE);
        }

        /** Returns the same with what it has answered. */
        public OfBackend answered(long count, long wrong, Latency took) {
            return new OfBackend(backend, version, weight, state, count, wrong, active, took);
        }

        /** Returns the same with its share, and whether it gets something. */
        public OfBackend getting(int share, State now) {
            return new OfBackend(backend, version, share, now, requests, errors, active, latency);
        }

        /** Returns the same with so many in flight. */
        public OfBackend active(long count) {
            return new OfBackend(backend, version, weight, state, requests, errors, count, latency);
        }

        private OfBackend plus(OfBackend other) {
            return answered(requests + other.requests, errors + other.errors, latency.plus(other.latency))
                    .active(active + other.active);
        }
    }

    public ProxyStatistics {
        backends = List.copyOf(backends);
    }

    /** Makes that of a proxy that does not tell how much passes. */
    public ProxyStatistics(long requests, long failed, List<OfBackend> backends) {
        this(requests, failed, Optional.empty(), backends);
    }

    /** Returns what both are together, with what is in flight to a backend from both. */
    public ProxyStatistics plus(ProxyStatistics other) {
        Map<String, OfBackend> all = new LinkedHashMap<>();
        backends.forEach(backend -> all.put(backend.backend(), backend));
        other.backends.forEach(backend -> all.merge(backend.backend(), backend, OfBackend::plus));
        Optional<Transfer> both = transfer.map(own -> own.plus(other.transfer.orElse(Transfer.NONE)))
                .or(() -> other.transfer);
        return new ProxyStatistics(requests + other.requests, failed + other.failed, both, List.copyOf(all.values()));
    }

    /** Returns the same without the backends. */
    public ProxyStatistics ofAll() {
        return new ProxyStatistics(requests, failed, transfer, List.of());
    }
}
