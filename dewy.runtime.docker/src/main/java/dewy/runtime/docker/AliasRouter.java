package dewy.runtime.docker;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.Networks;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Has those that serve be found under an alias in their network, whoever looks for them there, and the proxy of the app know of
 * them, where it has one. A container gets the alias before it gets traffic, and loses it before it is drained: at the cost of its
 * connections unless it keeps its address, so one that would not keep it keeps the alias as long as it lives.
 */
final class AliasRouter implements Router {
    private final Engine engine;
    private final Supplier<Optional<ContainerNetwork>> network;
    private final Optional<Router> proxy;
    private final OptionalInt port;

    /** Whether containers keep their addresses; not known before the first was renamed. */
    private volatile boolean keepsAddresses;

    /** @param port where the app listens, for an app without a proxy */
    AliasRouter(Engine engine, Supplier<Optional<ContainerNetwork>> network, Optional<Router> proxy, OptionalInt port) {
        this.engine = engine;
        this.network = network;
        this.proxy = proxy;
        this.port = port;
    }

    @Override
    public List<Listener> listeners() {
        return proxy.map(Router::listeners).orElseGet(() -> {
            String name = alias().orElse("");
            return List.of(new Listener(name, new ListeningAddress(name, 0), port));
        });
    }

    @Override
    public Optional<ContainerNetwork> network() {
        return network.get();
    }

    @Override
    public void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        Set<String> serving = new HashSet<>();
        sets.values().forEach(set -> set.forEach(backend -> serving.add(backend.id())));
        Optional<String> alias = alias();
        if (alias.isPresent()) {
            for (String name : serving) {
                rename(call, name, alias.get(), true);
            }
        }
        if (proxy.isPresent()) {
            proxy.get().route(call, sets);
        }
    }

    /** Nobody tells how much is on its way by an alias: it is given all the time. */
    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        Optional<String> alias = alias();
        if (alias.isPresent() && keepsAddresses) {
            rename(call, backend, alias.get(), false);
        }
        if (proxy.isPresent()) {
            return proxy.get().drain(call, backend, limit);
        }
        call.pause(limit);
        return 0;
    }

    private Optional<String> alias() {
        return network.get().flatMap(ContainerNetwork::alias);
    }

    private void rename(Call call, String name, String alias, boolean serves) throws DewyException {
        try {
            Container container = engine.inspect(call, name);
            Optional<ContainerNetwork> joined = network.get();
            Optional<Container.Place> place = joined.flatMap(
                    one -> Optional.ofNullable(container.networks().get(one.name())));
            if (place.isPresent() && place.get().aliases().contains(alias) != serves) {
                List<String> aliases = serves ? List.of(alias) : List.of();
                keepsAddresses =
                        new Networks(engine).rename(call, joined.orElseThrow().name(), container, aliases);
            }
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }
}
