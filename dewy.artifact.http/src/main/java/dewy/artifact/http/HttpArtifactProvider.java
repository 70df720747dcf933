package dewy.artifact.http;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Dialect;
import dewy.http.Environment;
import dewy.http.Refusal;
import dewy.http.SharedConnections;
import dewy.http.WebClient;
import java.net.URI;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Opens the artifacts on web servers: {@code https://host/path/{version}/app_{os}_{arch}.tar.gz?header=env:NAME}. */
@Component(name = "dewy.artifact.http")
@Plugin(
        kind = "artifact",
        scheme = {"https", "http"})
public final class HttpArtifactProvider implements ArtifactProvider {
    /** Says what to do about what any server may answer. */
    private static final Dialect DIALECT = new Dialect() {
        @Override
        public DewyException failure(Refusal refusal) {
            String identify = refusal.credentials().areNone()
                    ? "Give credentials: a header named by header=env:NAME, or a password in ~/.netrc"
                    : "Check that the credentials are valid and may read it";
            boolean forbidden = refusal.response().status() == 403;
            return refusal.standard(
                    forbidden ? identify + ". Some stores answer so where there is no such file" : identify);
        }

        @Override
        public String adviceOnPlainRedirects() {
            return "Mend the server, or give --allow-http where the network is trusted";
        }
    };

    private final Environment environment;
    private final InstantSource clock;
    private final SharedConnections connections;

    /** Makes a provider whose sources look at the environment of this process. */
    @Activate
    public HttpArtifactProvider() {
        this(Environment.SYSTEM, InstantSource.system(), new SharedConnections());
    }

    HttpArtifactProvider(Environment environment, InstantSource clock, SharedConnections connections) {
        this.environment = environment;
        this.clock = clock;
        this.connections = connections;
    }

    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        return source(HttpSettings.of(url, app, environment), app);
    }

    @Override
    public ArtifactSource openAt(URI address, AppContext app) throws InvalidException {
        return source(HttpSettings.at(address, app, environment), app);
    }

    private ArtifactSource source(HttpSettings settings, AppContext app) {
        WebClient web = new WebClient(
                connections.by(settings.network()), settings.credentials(), DIALECT, app.allowsHttp(), clock);
        return new HttpArtifactSource(settings.address(), web);
    }

    @Deactivate
    void close() {
        connections.close();
    }
}
