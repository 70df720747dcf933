package dewy.cache.file;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import dewy.store.TextStore;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens stores that are beside a cache, for the agents of one host: {@code file:///dir}, or {@code file:} for the usual one. */
@Component(name = "dewy.cache.file.store")
@Plugin(kind = "store", scheme = "file")
public final class FileStoreProvider implements StoreProvider {
    private final StoreFile.Clock uptime;
    private final LongSupplier nanoTime;

    @Activate
    public FileStoreProvider() {
        this(Uptime::now, System::nanoTime);
    }

    FileStoreProvider(StoreFile.Clock uptime, LongSupplier nanoTime) {
        this.uptime = uptime;
        this.nanoTime = nanoTime;
    }

    @Override
    public Store open(PluginUrl url, AppContext app) throws InvalidException {
        CacheLocation location = CacheLocation.of(url, app, System.getenv());
        return new TextStore(new StoreFile(location.folder(), uptime, InstantSource.system()), nanoTime);
    }
}
