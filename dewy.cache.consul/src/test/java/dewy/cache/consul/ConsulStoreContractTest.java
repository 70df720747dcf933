package dewy.cache.consul;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.store.Store;
import dewy.tck.StoreContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class ConsulStoreContractTest extends StoreContract {
    @TempDir
    static Path place;

    private static @Nullable ConsulServer server;

    private final AtomicLong ahead = new AtomicLong();
    private final ConsulStoreProvider provider = new ConsulStoreProvider(this::nanoTime);
    private final ConsulStoreProvider otherProvider = new ConsulStoreProvider(this::nanoTime);
    private @Nullable ConsulSite site;

    @BeforeAll
    static void startServer() throws Exception {
        server = ConsulServer.start(place);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    /** The contract opens its stores before this class is asked for anything else. */
    private ConsulSite site() {
        ConsulSite there = site;
        if (there == null) {
            try {
                there = new ConsulSite(folder, java.util.Objects.requireNonNull(server));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            site = there;
        }
        return there;
    }

    @AfterEach
    void closeSite() {
        site().close();
    }

    private long nanoTime() {
        return System.nanoTime() + ahead.get();
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
        return site().url();
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return ConsulSite.wrongUrls();
    }

    @Override
    public List<String> secrets() {
        return List.of(java.util.Objects.requireNonNull(server).token(), ConsulSite.SECRET);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.LYING, InvalidException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        site().befall(trouble);
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        site().relay().awaitHanging();
    }

    @Override
    public long asked() {
        return site().relay().asked();
    }

    @Override
    protected void advance(Duration time) throws IOException {
        ahead.addAndGet(time.toNanos());
        oversleep(time);
    }

    @Override
    protected void oversleep(Duration time) throws IOException {
        site().advance(time);
    }

    @Override
    protected void delay(Duration time) {
        site().relay().beforeTheAnswerTo("PUT /v1/", () -> advance(time));
    }
}
