package dewy.cache.file;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;

/** Opens caches that are folders: {@code file:///dir?max-size=4GB}, or {@code file:} for the usual one. */
@Component(name = "dewy.cache.file")
@Plugin(kind = "cache", scheme = "file")
public final class FileCacheProvider implements CacheProvider {
    /** By folder, because apps that share one must not evict what another of them is reading. */
    private final Map<Path, Pins> pins = new ConcurrentHashMap<>();

    @Override
    public Cache open(PluginUrl url, AppContext app) throws InvalidException {
        CacheLocation location = CacheLocation.of(url, app, System.getenv());
        Pins shared = pins.computeIfAbsent(location.folder(), unused -> new Pins());
        return new FileCache(location, shared, InstantSource.system());
    }
}
