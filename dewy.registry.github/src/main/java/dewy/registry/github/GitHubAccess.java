package dewy.registry.github;

import dewy.api.plugin.Parameters;
import dewy.http.Authentication;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.SharedConnections;
import dewy.http.WebClient;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * What registries and artifact sources share: connections, and the token of a GitHub App. Nothing is opened before the
 * first request. Safe for use by several threads.
 */
@Component(name = "dewy.registry.github.access", service = GitHubAccess.class)
public final class GitHubAccess {
    /** Where an API is, and by which way it is asked. */
    private record Place(ApiAddress address, Network network) {}

    private final Environment environment;
    private final InstantSource clock;
    private final SharedConnections connections;
    private final Map<Place, Api> opened = new HashMap<>();

    /** Makes an access that goes by the environment of this process. */
    @Activate
    public GitHubAccess() {
        this(Environment.SYSTEM, InstantSource.system(), new SharedConnections());
    }

    GitHubAccess(Environment environment, InstantSource clock, SharedConnections connections) {
        this.environment = environment;
        this.clock = clock;
        this.connections = connections;
    }

    /** Returns the API as the environment and a URL describe it; what is wrong there is added to {@code parameters}. */
    synchronized Api api(Parameters parameters) {
        ApiAddress address = ApiAddress.of(environment, parameters::complain);
        GitHubApp.check(environment).forEach(parameters::complain);
        Network network = Network.of(parameters, environment);
        return opened.computeIfAbsent(new Place(address, network), this::open);
    }

    @Deactivate
    void close() {
        connections.close();
    }

    private Api open(Place place) {
        WebClient web =
                new WebClient(connections.by(place.network()), Authentication.NONE, new GitHubDialect(), false, clock);
        GitHubCredentials credentials = new GitHubCredentials(environment, new AppTokens(web, place.address(), clock));
        return new Api(place.address(), credentials, web.as(credentials));
    }
}
