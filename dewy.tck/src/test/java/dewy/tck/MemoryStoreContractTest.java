package dewy.tck;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract of stores, with a small one that keeps it. */
class MemoryStoreContractTest extends StoreContract {
    final MemoryClock clock = new MemoryClock();
    final MemoryWire wire = new MemoryWire(clock);
    private final Map<String, MemoryServer> servers = new ConcurrentHashMap<>();
    private final StoreProvider provider = this::open;
    private final StoreProvider otherProvider = this::open;

    private Store open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        parameters.number("size", 1, 1_000, 1);
        parameters.finish();
        return store(servers.computeIfAbsent(server(app), name -> server()));
    }

    /** Returns the name of the server that an app is at. */
    String server(AppContext app) {
        return app.name();
    }

    MemoryServer server() {
        return new MemoryServer(clock);
    }

    MemoryStore store(MemoryServer server) {
        return new MemoryStore(server, wire, clock);
    }

    @Override
    public Provider<Store> provider() {
        return provider;
    }

    @Override
    protected Provider<Store> otherProvider() {
        return otherProvider;
    }

    @Override
    public String url() {
        return "memory:?size=10";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(WrongUrl.of("memory:?size=large", "size"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.BREAKING_OFF, UnreachableException.class);
    }

    @Override
    public void befall(Trouble trouble) {
        wire.befall(trouble);
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        wire.awaitHanging();
    }

    @Override
    public long asked() {
        return wire.asked();
    }

    @Override
    protected void advance(Duration time) {
        clock.advance(time);
    }

    @Override
    protected void oversleep(Duration time) {
        clock.advanceServer(time);
    }

    @Override
    protected void delay(Duration time) {
        wire.delay(time);
    }
}
