package dewy.registry.grpc;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens the artifacts that servers of {@code dewy.RegistryService} refer to. The servers themselves have none. */
@Component(name = "dewy.registry.grpc.artifact")
@Plugin(kind = "artifact", scheme = "grpc")
public final class GrpcArtifactProvider implements ArtifactProvider {
    private final Environment environment;

    /** Makes a provider that looks at the environment of this process. */
    @Activate
    public GrpcArtifactProvider() {
        this(Environment.SYSTEM);
    }

    GrpcArtifactProvider(Environment environment) {
        this.environment = environment;
    }

    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Server.of(url, parameters, environment);
        parameters.finish();
        return new ReferredArtifacts(app);
    }
}
