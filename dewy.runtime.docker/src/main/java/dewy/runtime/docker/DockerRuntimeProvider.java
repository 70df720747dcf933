package dewy.runtime.docker;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Router;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeProvider;
import dewy.engine.Engine;
import dewy.engine.EngineAddress;
import dewy.engine.Images;
import dewy.engine.Owner;
import dewy.http.Environment;
import dewy.replicas.ReplicaRuntime;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens runtimes on Docker and on Podman: {@code docker:?replicas=3&health-path=/health}. */
@Component(service = RuntimeProvider.class)
@Plugin(
        kind = "runtime",
        scheme = {"docker", "podman"})
public final class DockerRuntimeProvider implements RuntimeProvider {
    private final Environment environment;
    private final Function<EngineAddress, Engine> engines;

    @Activate
    public DockerRuntimeProvider() {
        this(Environment.SYSTEM, Engine::new);
    }

    DockerRuntimeProvider(Environment environment, Function<EngineAddress, Engine> engines) {
        this.environment = environment;
        this.engines = engines;
    }

    @Override
    public int format() {
        return ReplicaRuntime.FORMAT;
    }

    @Override
    public AppRuntime open(PluginUrl url, AppContext app) throws InvalidException {
        return runtime(url, app);
    }

    @Override
    public Optional<HandoverState> recover(Call call, PluginUrl url, AppContext app, Optional<HandoverState> kept)
            throws DewyException {
        DockerSettings settings = DockerSettings.parse(url, app);
        return ReplicaRuntime.recover(call, settings.replicas(), containers(settings, app, engine(url)), kept);
    }

    @Override
    public AppRuntime adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return runtime(url, app).adopt(state);
    }

    private ReplicaRuntime runtime(PluginUrl url, AppContext app) throws InvalidException {
        DockerSettings settings = DockerSettings.parse(url, app);
        Engine engine = engine(url);
        return new ReplicaRuntime(
                settings.replicas(),
                app,
                containers(settings, app, engine),
                new Images(engine),
                router(settings, app, engine));
    }

    private static Optional<Router> router(DockerSettings settings, AppContext app, Engine engine) {
        boolean isFoundByAlias = app.router().isPresent()
                || settings.network().flatMap(ContainerNetwork::alias).isPresent();
        return isFoundByAlias
                ? Optional.of(
                        new AliasRouter(engine, () -> settings.networkOf(app), app.router(), settings.containerPort()))
                : Optional.empty();
    }

    private static Containers containers(DockerSettings settings, AppContext app, Engine engine)
            throws InvalidException {
        return new Containers(engine, Owner.of(app), app, settings);
    }

    private Engine engine(PluginUrl url) throws InvalidException {
        return engines.apply(EngineAddress.find(url.scheme(), environment));
    }
}
