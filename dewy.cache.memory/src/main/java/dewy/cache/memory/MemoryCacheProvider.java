package dewy.cache.memory;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens caches in memory: {@code memory:?max-size=256MB}. */
@Component(name = "dewy.cache.memory")
@Plugin(kind = "cache", scheme = "memory")
public final class MemoryCacheProvider implements CacheProvider {
    static final long DEFAULT_MAX_SIZE = 256L << 20;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** Whose memory it is: instances of one app that are opened alike have one. */
    private record Owner(String app, long maxSize) {}

    private static final class Shared {
        private final Memory memory;
        private int instances;

        Shared(Memory memory) {
            this.memory = memory;
        }
    }

    private final Path folder;
    private final Map<Owner, Shared> memories = new HashMap<>();

    @Activate
    public MemoryCacheProvider() {
        this(Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir")));
    }

    MemoryCacheProvider(Path folder) {
        this.folder = folder;
    }

    @Override
    public Cache open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        long maxSize = parameters.bytes("max-size", DEFAULT_MAX_SIZE);
        if (maxSize == 0) {
            parameters.complain("max-size", "max-size=0 leaves room for nothing");
        }
        if (!url.authority().isEmpty() || !url.path().matches("/?")) {
            parameters.complain("the memory of this host has no name: write memory:?max-size=256MB");
        }
        parameters.finish();
        Owner owner = new Owner(app.name(), maxSize);
        return new MemoryCache(share(owner), () -> leave(owner));
    }

    private synchronized Memory share(Owner owner) {
        Shared shared = memories.computeIfAbsent(owner, it -> new Shared(new Memory(folder, it.maxSize())));
        shared.instances++;
        return shared.memory;
    }

    /** What nobody has open any more is given back to the system. */
    private synchronized void leave(Owner owner) {
        memories.computeIfPresent(owner, (it, shared) -> {
            shared.instances--;
            if (shared.instances > 0) {
                return shared;
            }
            shared.memory.free();
            return null;
        });
    }
}
