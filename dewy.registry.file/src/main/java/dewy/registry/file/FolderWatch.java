package dewy.registry.file;

import dewy.api.Registration;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells listeners that a registry folder has changed. Safe for use by several threads. */
final class FolderWatch {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final RegistryFolder folder;
    private final SystemWatch system;
    private final Duration retry;
    private final Set<WatchedFolder> watched = ConcurrentHashMap.newKeySet();

    FolderWatch(RegistryFolder folder, SystemWatch system) {
        this(folder, system, RETRY);
    }

    /** Creates a watch that tries again after {@code retry} where the folder cannot be watched. */
    FolderWatch(RegistryFolder folder, SystemWatch system, Duration retry) {
        this.folder = folder;
        this.system = system;
        this.retry = retry;
    }

    Registration onChange(Runnable wake) {
        WatchedFolder listening = new WatchedFolder(folder, system, retry, wake);
        watched.add(listening);
        listening.begin();
        return () -> {
            watched.remove(listening);
            listening.close();
        };
    }

    void close() {
        watched.forEach(WatchedFolder::close);
        watched.clear();
    }
}
