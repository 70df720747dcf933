package dewy.api.proxy;

import java.util.List;

/**
 * What passed through a proxy.
 *
 * @param requests requests, or connections where requests are not told apart, answered since the start
 * @param failed those of them that could not be served
 * @param backends what passed to each backend that is in a set, or has something in flight
 */
public record ProxyStatistics(long requests, long failed, List<OfBackend> backends) {
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
     * @param latency how long what it began to answer took until then
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
    }

    public ProxyStatistics {
        backends = List.copyOf(backends);
    }
}
