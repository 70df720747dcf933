package dewy.api.proxy;

import java.util.Map;

/**
 * What passed through a proxy.
 *
 * @param requests requests, or connections where requests are not told apart, answered since the start
 * @param failed those of them that could not be served
 * @param active those in flight, by id of the backend
 */
public record ProxyStatistics(long requests, long failed, Map<String, Long> active) {
    public ProxyStatistics {
        active = Map.copyOf(active);
    }
}
