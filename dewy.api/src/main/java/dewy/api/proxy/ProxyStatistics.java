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
     * What passed to a backend.
     *
     * @param backend its id
     * @param version the version of the release it runs; empty when it is not known
     * @param requests answered by it
     * @param active in flight
     */
    public record OfBackend(String backend, String version, long requests, long active) {}

    public ProxyStatistics {
        backends = List.copyOf(backends);
    }
}
