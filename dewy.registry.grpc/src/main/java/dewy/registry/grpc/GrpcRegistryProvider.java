package dewy.registry.grpc;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import dewy.api.release.Platform;
import dewy.http.Environment;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Opens registries that are servers of {@code dewy.RegistryService}: {@code grpc://host:port?no-tls=true}. */
@Component(name = "dewy.registry.grpc.registry")
@Plugin(kind = "registry", scheme = "grpc")
public final class GrpcRegistryProvider implements RegistryProvider {
    private final Environment environment;
    private final InstantSource clock;
    private final Connections connections = new Connections();

    /** Makes a provider whose registries look at the environment of this process. */
    @Activate
    public GrpcRegistryProvider() {
        this(Environment.SYSTEM, InstantSource.system());
    }

    GrpcRegistryProvider(Environment environment, InstantSource clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Registry open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Server server = Server.of(url, parameters, environment);
        parameters.finish();
        return new GrpcRegistry(new RegistryService(server, connections, clock), app, Platform.current());
    }

    @Deactivate
    void close() {
        connections.close();
    }
}
