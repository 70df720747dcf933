package dewy.artifact.http;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens the artifacts on web servers: {@code https://host/path/{version}/app_{os}_{arch}.tar.gz?header=env:NAME}. */
@Component(name = "dewy.artifact.http")
@Plugin(
        kind = "artifact",
        scheme = {"https", "http"})
public final class HttpArtifactProvider implements ArtifactProvider {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Environment environment;
    private final InstantSource clock;
    private final Duration patience;

    /** Makes a provider whose sources look at the environment of this process. */
    @Activate
    public HttpArtifactProvider() {
        this(Environment.SYSTEM, InstantSource.system(), PATIENCE);
    }

    HttpArtifactProvider(Environment environment, InstantSource clock, Duration patience) {
        this.environment = environment;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        HttpSettings settings = HttpSettings.of(url, app, environment);
        Transport transport = new Transport(settings.proxies(), settings.security(), patience);
        WebClient web = new WebClient(transport, settings.credentials(), settings.allowsHttp(), clock);
        return new HttpArtifactSource(settings.template(), web);
    }
}
