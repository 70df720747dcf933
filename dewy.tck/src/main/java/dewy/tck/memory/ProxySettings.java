package dewy.tck.memory;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.Listener;
import java.time.Duration;
import java.util.List;

/**
 * What the URL of a proxy says.
 *
 * @param listeners where to accept connections
 * @param hold how long what arrives waits for a backend
 */
record ProxySettings(List<Listener> listeners, Duration hold) {
    static ProxySettings parse(PluginUrl url) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        List<Listener> listeners = listeners(parameters);
        Duration hold = parameters.duration("hold", Duration.ofSeconds(10));
        parameters.finish();
        return new ProxySettings(listeners, hold);
    }

    private static List<Listener> listeners(Parameters parameters) {
        try {
            List<String> ports = parameters.texts("port");
            return Listener.parseList(ports.isEmpty() ? "8000" : String.join(",", ports));
        } catch (InvalidException e) {
            parameters.complain("port", e.problem().why());
            return List.of();
        }
    }
}
