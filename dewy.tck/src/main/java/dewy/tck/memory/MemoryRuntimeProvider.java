package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeProvider;
import dewy.replicas.ReplicaRuntime;
import dewy.replicas.ReplicaSettings;
import dewy.tck.memory.host.Engine;
import java.time.Duration;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens runtimes: {@code memory:?replicas=3&max-surge=1}. */
@Component(service = RuntimeProvider.class)
@Plugin(kind = "runtime", scheme = "memory")
public final class MemoryRuntimeProvider implements RuntimeProvider {
    /** Within what time a container has to become ready. */
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

    private final Engine engine;

    @Activate
    public MemoryRuntimeProvider(@Reference Engine engine) {
        this.engine = engine;
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
        ReplicaSettings settings = ReplicaSettings.parse(Parameters.of(url));
        return ReplicaRuntime.recover(call, settings, new Containers(engine, app.name(), READY_TIMEOUT), kept);
    }

    @Override
    public AppRuntime adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return runtime(url, app).adopt(state);
    }

    private ReplicaRuntime runtime(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        ReplicaSettings settings = ReplicaSettings.parse(parameters);
        Duration readyTimeout = parameters.duration("ready-timeout", READY_TIMEOUT);
        parameters.finish();
        return new ReplicaRuntime(settings, app, new Containers(engine, app.name(), readyTimeout), new Images(engine));
    }
}
