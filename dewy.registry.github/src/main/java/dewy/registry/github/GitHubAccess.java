package dewy.registry.github;

import dewy.api.plugin.Parameters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What registries and artifact sources share: connections, and the token of a GitHub App. Nothing is opened before the
 * first request. Safe for use by several threads.
 */
@Component(name = "dewy.registry.github.access", service = GitHubAccess.class)
public final class GitHubAccess {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Environment environment;
    private final InstantSource clock;
    private final Transport transport;
    private Optional<Api> opened = Optional.empty();

    /** Makes an access that goes by the environment of this process. */
    @Activate
    public GitHubAccess() {
        this(Environment.SYSTEM, InstantSource.system(), PATIENCE);
    }

    GitHubAccess(Environment environment, InstantSource clock, Duration patience) {
        this.environment = environment;
        this.clock = clock;
        this.transport = new Transport(environment, patience);
    }

    /** Returns the API as the environment describes it; what is wrong there is added to {@code parameters}. */
    synchronized Api api(Parameters parameters) {
        ApiAddress address = ApiAddress.of(environment, parameters::complain);
        AppIdentity.check(environment).forEach(parameters::complain);
        Api api = opened.filter(known -> known.address().equals(address)).orElseGet(() -> open(address));
        opened = Optional.of(api);
        return api;
    }

    private Api open(ApiAddress address) {
        AppTokens apps = new AppTokens(transport, address, clock);
        return new Api(transport, address, new EnvironmentCredentials(environment, apps), clock);
    }
}
