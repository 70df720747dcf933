package dewy.api.control;

import dewy.api.proxy.Admission;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Listener;
import java.util.List;

/**
 * How the proxy of an app is doing.
 *
 * @param app the name of the app
 * @param proxy its scheme
 * @param admission what it does with what arrives
 * @param listeners where it listens
 * @param hosts what the app answers to there, for people; empty where it answers to everything
 * @param statistics what passed
 */
public record ProxyStatus(
        String app,
        String proxy,
        Admission admission,
        List<Listener> listeners,
        List<String> hosts,
        ProxyStatistics statistics) {
    public ProxyStatus {
        listeners = List.copyOf(listeners);
        hosts = List.copyOf(hosts);
    }
}
