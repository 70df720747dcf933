package dewy.cache.file;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.plugin.Provider;
import dewy.api.store.Store;
import dewy.tck.StoreContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

class FileStoreContractTest extends StoreContract {
    private final TestUptime uptime = new TestUptime();
    private final AtomicLong hosts = new AtomicLong();
    private volatile Optional<Duration> delay = Optional.empty();
    private final FileStoreProvider provider = new FileStoreProvider(this::uptime, this::nanoTime);
    private final FileStoreProvider otherProvider = new FileStoreProvider(this::uptime, this::nanoTime);

    private long nanoTime() {
        return System.nanoTime() + hosts.get();
    }

    private Uptime uptime() {
        Uptime now = uptime.now();
        Optional<Duration> late = delay;
        delay = Optional.empty();
        late.ifPresent(this::advance);
        return now;
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
        return "file://" + folder.resolve("cache") + "?max-size=1";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("file://srv/a%00b?max-size=0", "max-size"), WrongUrl.of("file:?max-size=much", "max-size"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.DOWN, StorageException.class);
    }

    /** Where the folder was, or should be, there is a file. */
    @Override
    public void befall(Trouble trouble) throws IOException {
        if (Files.exists(folder.resolve("cache"))) {
            Files.move(folder.resolve("cache"), folder.resolve("gone"));
        }
        Files.writeString(folder.resolve("cache"), "no folder");
    }

    @Override
    protected void advance(Duration time) {
        hosts.addAndGet(time.toNanos());
        uptime.advance(time);
    }

    @Override
    protected void oversleep(Duration time) {
        uptime.advance(time);
    }

    /** The time is told before something is done, and passes afterwards. */
    @Override
    protected void delay(Duration time) {
        delay = Optional.of(time);
    }
}
