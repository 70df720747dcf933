package dewy.registry.file;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The system's watch of folders, of which it allows a user few: all registries share one, and the threads that go with it.
 * They are there only while a folder is watched. Everything happens on one of them; a file system that hangs there keeps
 * wake-ups back, never polls.
 */
final class SystemWatch {
    /** Who watches a folder, and as what: one folder may have several names. */
    private record Watcher(WatchedFolder folder, Path directory) {}

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final ScheduledThreadPoolExecutor turns = new ScheduledThreadPoolExecutor(1, task -> thread(task));
    private final Map<WatchKey, Set<Watcher>> watchers = new HashMap<>();
    private Optional<WatchService> service = Optional.empty();

    SystemWatch() {
        turns.setKeepAliveTime(IDLE.toNanos(), TimeUnit.NANOSECONDS);
        turns.allowCoreThreadTimeOut(true);
        turns.setRemoveOnCancelPolicy(true);
    }

    /** Does something on the thread of the watch. */
    void execute(Runnable turn) {
        turns.execute(turn);
    }

    /** Does something on the thread of the watch after a while. */
    Future<?> schedule(Runnable turn, Duration delay) {
        return turns.schedule(turn, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Watches a directory from now on. Called on the thread of the watch. */
    void add(WatchedFolder folder, Path directory) throws IOException {
        if (service.isEmpty()) {
            WatchService opened = FileSystems.getDefault().newWatchService();
            service = Optional.of(opened);
            thread(() -> takeEvents(opened)).start();
        }
        try {
            // The same for all, since the last one to register a directory decides for everybody.
            WatchKey key = directory.register(service.get(), ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
            watchers.computeIfAbsent(key, first -> new HashSet<>()).add(new Watcher(folder, directory));
        } finally {
            closeIfUnused();
        }
    }

    /** Watches nothing of a folder any more. Called on the thread of the watch. */
    void remove(WatchedFolder folder) {
        remove(watcher -> watcher.folder() == folder);
    }

    /** Watches one directory of a folder no more. Called on the thread of the watch. */
    void remove(WatchedFolder folder, Path directory) {
        remove(watcher -> watcher.folder() == folder && watcher.directory().equals(directory));
    }

    private void remove(Predicate<Watcher> unwanted) {
        watchers.entrySet().removeIf(entry -> {
            entry.getValue().removeIf(unwanted);
            if (entry.getValue().isEmpty()) {
                entry.getKey().cancel();
            }
            return entry.getValue().isEmpty();
        });
        closeIfUnused();
    }

    private void takeEvents(WatchService watching) {
        try {
            while (true) {
                WatchKey key = watching.take();
                execute(() -> tell(key));
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // Nobody watches any more.
        }
    }

    private void tell(WatchKey key) {
        List<WatchEvent<?>> events = key.pollEvents();
        Set<Watcher> told = Set.copyOf(watchers.getOrDefault(key, Set.of()));
        told.forEach(watcher -> watcher.folder().changed(watcher.directory(), events));
        if (!key.reset()) {
            watchers.remove(key);
            told.forEach(watcher -> watcher.folder().lost(watcher.directory()));
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (watchers.isEmpty() && service.isPresent()) {
            try {
                service.get().close();
            } catch (IOException e) {
                // It ends with the process at the latest.
            }
            service = Optional.empty();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "dewy-watch", 256 << 10);
        thread.setDaemon(true);
        return thread;
    }
}
