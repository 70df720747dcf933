package dewy.core.route;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Registration;
import dewy.api.proxy.Proxy;
import dewy.api.route.Backend;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Routes the traffic of an app by whichever proxy is plugged in. It remembers what was routed, so that a proxy that comes in
 * place of one that could hand nothing over has it as well. Safe for use by several threads.
 */
public final class ProxyRouter implements Router {
    private final PluginSlot<Proxy> slot;
    private final LongSupplier nanoTime;
    private volatile List<Listener> listeners = List.of();
    private volatile Optional<ContainerNetwork> network = Optional.empty();
    private Map<String, List<Backend>> routes = Map.of();
    private @Nullable Proxy started;

    public ProxyRouter(PluginSlot<Proxy> slot, LongSupplier nanoTime) {
        this.slot = slot;
        this.nanoTime = nanoTime;
    }

    /** Returns where the proxy is plugged in. */
    public PluginSlot<Proxy> slot() {
        return slot;
    }

    /**
     * Has the app's listeners open, with what was routed last behind them; does nothing where they are.
     *
     * @throws DewyException if they cannot be opened, or no proxy is there
     */
    public synchronized void start(Call call) throws DewyException {
        Optional<Proxy> now = slot.current();
        if (now.isEmpty() || now.get() != started) {
            use(call, (mine, proxy) -> {});
        }
    }

    /** Returns the listeners as they were known last, also while the proxy is away. */
    @Override
    public List<Listener> listeners() {
        slot.current().ifPresent(proxy -> listeners = List.copyOf(proxy.listeners()));
        return listeners;
    }

    /** Returns the network as it was known last, also while the proxy is away. */
    @Override
    public Optional<ContainerNetwork> network() {
        slot.current().ifPresent(proxy -> network = proxy.network());
        return network;
    }

    /** What is asked for holds from now on, also where the proxy is away just now; only what it refuses does not. */
    @Override
    public synchronized void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        Map<String, List<Backend>> before = routes;
        Map<String, List<Backend>> after = new LinkedHashMap<>(before);
        after.putAll(sets);
        routes = Map.copyOf(after);
        try {
            use(call, (mine, proxy) -> proxy.route(mine, sets));
        } catch (InvalidException e) {
            routes = before;
            throw e;
        }
    }

    /** Waits without keeping others from routing meanwhile. Through a proxy that cannot start nothing is in flight. */
    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        return within(call, mine -> slot.use(mine, proxy -> proxy.drain(mine, backend, limit)));
    }

    /** Does something with the proxy, once it is started, without keeping others from routing meanwhile. */
    public <R> R ask(CancellableCall call, PluginSlot.Use<Proxy, R> use) throws DewyException {
        start(call);
        return slot.use(call, use);
    }

    private interface Use {
        void with(Call call, Proxy proxy) throws DewyException;
    }

    private synchronized void use(Call call, Use use) throws DewyException {
        Proxy before = started;
        started = null;
        Map<String, List<Backend>> last = routes;
        started = within(
                call,
                mine -> slot.use(mine, proxy -> {
                    if (proxy != before) {
                        begin(mine, proxy, last);
                    }
                    use.with(mine, proxy);
                    return proxy;
                }));
    }

    /** One that has adopted what was routed is told once more, which changes nothing. */
    private static void begin(Call call, Proxy proxy, Map<String, List<Backend>> routes) throws DewyException {
        proxy.start(call);
        Map<String, List<Backend>> its = new LinkedHashMap<>(routes);
        its.keySet().retainAll(proxy.listeners().stream().map(Listener::name).toList());
        if (!its.isEmpty()) {
            proxy.route(call, its);
        }
    }

    /** A deadline that has passed is not mistaken for somebody's wish. */
    private static void end(CancellableCall mine, Call whole) {
        if (whole.remaining().isZero()) {
            mine.expire();
        } else {
            mine.cancel("the app does not wait for it any more");
        }
    }

    private interface Work<R> {
        R with(CancellableCall call) throws DewyException;
    }

    /** A slot is used by calls that can be cancelled on its side: this one ends with the one it is part of. */
    private <R> R within(Call call, Work<R> work) throws DewyException {
        call.check();
        try (CancellableCall mine = CancellableCall.of(
                        call.traceId(), call.deployId(), call.remaining(), nanoTime, call::progress);
                Registration ending = call.onCancel(() -> end(mine, call))) {
            return work.with(mine);
        }
    }
}
