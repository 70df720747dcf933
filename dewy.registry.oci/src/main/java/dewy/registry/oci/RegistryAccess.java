package dewy.registry.oci;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Authentication;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.SharedConnections;
import dewy.http.WebClient;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * What registries and artifact sources share: connections, and for each repository the token that it is asked with. Nothing is
 * opened before the first request. Safe for use by several threads.
 */
@Component(name = "dewy.registry.oci.access", service = RegistryAccess.class)
public final class RegistryAccess {
    /** Which repository is asked, by which way and as whom. */
    private record Place(
            ImageRepository repository, Network network, boolean allowsHttp, Optional<Logins.Given> login) {}

    /**
     * What a URL describes.
     *
     * @param api the repository
     * @param platform for which its images are to be
     */
    record Opened(RegistryApi api, ImagePlatform platform) {}

    private final Environment environment;
    private final InstantSource clock;
    private final SharedConnections connections;
    private final Map<Place, RegistryApi> opened = new HashMap<>();

    /** Makes an access that goes by the environment of this process. */
    @Activate
    public RegistryAccess() {
        this(Environment.SYSTEM, InstantSource.system(), new SharedConnections());
    }

    RegistryAccess(Environment environment, InstantSource clock, SharedConnections connections) {
        this.environment = environment;
        this.clock = clock;
        this.connections = connections;
        Secret.withhold(Logins.SECRETS);
    }

    /**
     * Reads a URL.
     *
     * @throws InvalidException naming everything that is wrong with it
     */
    synchronized Opened open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        ImageRepository repository = ImageRepository.of(url, parameters, app.allowsHttp());
        ImagePlatform platform = platform(parameters);
        Optional<Logins.Given> login = Logins.given(parameters);
        Logins.check(environment).forEach(parameters::complain);
        Network network = Network.of(parameters, environment);
        parameters.finish();
        Place place = new Place(repository, network, app.allowsHttp(), login);
        return new Opened(opened.computeIfAbsent(place, this::open), platform);
    }

    InstantSource clock() {
        return clock;
    }

    @Deactivate
    void close() {
        connections.close();
    }

    private RegistryApi open(Place place) {
        Logins logins = new Logins(environment, place.repository(), place.login());
        WebClient web = new WebClient(
                connections.by(place.network()),
                Authentication.NONE,
                new RegistryDialect(place.repository()),
                place.allowsHttp(),
                clock);
        TokenService tokens =
                new TokenService(place.repository(), connections.by(place.network()), place.allowsHttp(), clock);
        Authentication authentication = new RegistryAuthentication(place.repository(), logins, tokens, clock);
        return new RegistryApi(place.repository(), web.as(authentication), logins);
    }

    private static ImagePlatform platform(Parameters parameters) {
        Optional<String> written = parameters.text("platform");
        Optional<ImagePlatform> platform = written.flatMap(ImagePlatform::parse);
        if (written.isPresent() && platform.isEmpty()) {
            parameters.complain(
                    "platform", "platform=" + written.get() + " is not written as linux/arm64 or linux/arm/v7");
        }
        return platform.orElseGet(ImagePlatform::ofThisHost);
    }
}
