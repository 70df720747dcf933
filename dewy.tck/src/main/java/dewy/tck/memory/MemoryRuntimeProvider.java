package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeProvider;
import dewy.tck.memory.host.Engine;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens runtimes: {@code memory:?replicas=3&batch=1}. */
@Component(service = RuntimeProvider.class)
@Plugin(kind = "runtime", scheme = "memory")
public final class MemoryRuntimeProvider implements RuntimeProvider {
    private final Engine engine;

    @Activate
    public MemoryRuntimeProvider(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public int format() {
        return Standing.FORMAT;
    }

    @Override
    public AppRuntime open(PluginUrl url, AppContext app) throws InvalidException {
        return new MemoryRuntime(RuntimeSettings.parse(url), app, engine);
    }

    @Override
    public Optional<HandoverState> recover(Call call, PluginUrl url, AppContext app, Optional<HandoverState> kept)
            throws DewyException {
        return new Recovery(engine, app.name()).find(call, kept).map(standing -> standing.toState(engine));
    }

    @Override
    public AppRuntime adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return new MemoryRuntime(RuntimeSettings.parse(url), app, engine).adopt(Standing.of(state));
    }
}
