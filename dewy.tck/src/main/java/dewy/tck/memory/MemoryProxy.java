package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Lifetime;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.tck.memory.host.DataPlane;
import dewy.tck.memory.host.DataPlanes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A proxy for HTTP with a connection for each request. The instance only drives its {@link DataPlane}, which has all there
 * is to be lost: so a handover passes that on, and nothing else. Safe for use by several threads.
 */
final class MemoryProxy implements Proxy, Handover {
    static final int FORMAT = 1;
    private static final String PLANE = "plane";

    private final ProxySettings settings;
    private final AppContext app;
    private final DataPlanes planes;
    private final Lifetime lifetime = new Lifetime();
    private Optional<DataPlane> plane = Optional.empty();

    MemoryProxy(ProxySettings settings, AppContext app, DataPlanes planes) {
        this.settings = settings;
        this.app = app;
        this.planes = planes;
    }

    /** What is handed over, also by an agent that has no instance any more. */
    static HandoverState state(DataPlane plane) {
        return new HandoverState(FORMAT, Map.of(), Map.of(PLANE, plane));
    }

    /** Goes on with what a predecessor left, if it left anything. */
    MemoryProxy adopt(HandoverState state) throws InvalidException {
        if (state.format() != FORMAT) {
            throw new InvalidException(new Problem(
                    "take over the proxy",
                    app.name(),
                    "it was handed over in format " + state.format() + ", and this version knows " + FORMAT,
                    ""));
        }
        plane = Optional.ofNullable((DataPlane) state.resources().get(PLANE));
        return this;
    }

    @Override
    public synchronized void start(Call call) throws DewyException {
        lifetime.bind(call).check();
        DataPlane started = plane.isPresent() ? plane.get() : planes.start(app.name());
        boolean kept = plane.isPresent();
        try {
            started.listen(settings.listeners(), settings.hold());
            app.keep(state(started));
            kept = true;
        } finally {
            if (!kept) {
                started.end(Duration.ZERO);
            }
        }
        plane = Optional.of(started);
    }

    @Override
    public synchronized List<Listener> listeners() {
        return plane.map(DataPlane::listeners).orElse(settings.listeners());
    }

    @Override
    public void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        lifetime.bind(call).check();
        plane().route(sets);
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        Call bound = lifetime.bind(call);
        bound.check();
        Optional<DataPlane> started = started();
        return started.isPresent() ? started.get().drain(bound, backend, limit) : 0;
    }

    @Override
    public ProxyStatistics statistics(Call call) throws DewyException {
        lifetime.bind(call).check();
        return plane().statistics();
    }

    @Override
    public synchronized HandoverState prepare(Call call) throws DewyException {
        lifetime.bind(call).check();
        return plane.map(MemoryProxy::state).orElse(new HandoverState(FORMAT, Map.of(), Map.of()));
    }

    @Override
    public synchronized void commit() {
        lifetime.close();
        plane = Optional.empty();
    }

    @Override
    public void abort() {}

    @Override
    public void close() {
        lifetime.close();
        Optional<DataPlane> left;
        synchronized (this) {
            left = plane;
            plane = Optional.empty();
        }
        left.ifPresent(this::end);
    }

    private void end(DataPlane left) {
        left.end(Duration.ZERO);
        try {
            app.forget();
        } catch (StorageException e) {
            // What is found by it is looked for first, and is gone.
        }
    }

    private synchronized Optional<DataPlane> started() {
        return plane;
    }

    private DataPlane plane() throws InvalidException {
        return started()
                .orElseThrow(() -> new InvalidException(new Problem(
                        "use the proxy", app.name(), "it was not started, or was handed over", "Start it first")));
    }
}
