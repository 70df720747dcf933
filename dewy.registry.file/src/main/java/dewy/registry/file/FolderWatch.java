package dewy.registry.file;

import dewy.api.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells listeners that a registry folder has changed. As long as there is a listener it keeps one thread of its own,
 * beside the one that the system's watch service has. Safe for use by several threads.
 */
final class FolderWatch {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final RegistryFolder folder;
    private final Duration retry;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private Optional<WatchLoop> loop = Optional.empty();

    FolderWatch(RegistryFolder folder) {
        this(folder, RETRY);
    }

    /** Creates a watch that tries again after {@code retry} where the folder cannot be watched. */
    FolderWatch(RegistryFolder folder, Duration retry) {
        this.folder = folder;
        this.retry = retry;
    }

    Registration onChange(Runnable wake) {
        Runnable listener = () -> wake.run();
        add(listener);
        return () -> remove(listener);
    }

    void close() {
        listeners.clear();
        stop();
    }

    private synchronized void add(Runnable listener) {
        listeners.add(listener);
        if (loop.isEmpty()) {
            loop = Optional.of(new WatchLoop(folder, retry, () -> listeners.forEach(Runnable::run)));
            loop.get().start();
        }
    }

    private void remove(Runnable listener) {
        listeners.remove(listener);
        if (listeners.isEmpty()) {
            stop();
        }
    }

    private void stop() {
        Optional<WatchLoop> stopped;
        synchronized (this) {
            if (!listeners.isEmpty()) {
                return;
            }
            stopped = loop;
            loop = Optional.empty();
        }
        stopped.ifPresent(WatchLoop::close);
    }
}
