package dewy.registry.file;

import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import dewy.api.StorageException;
import dewy.api.registry.FileRole;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry folder that is watched, with the newest of its version folders: the watches that a user may have are few, and
 * what happens in the others is found by polls. Where the system cannot watch (no such folder yet, a limit
 * reached) it says so once and tries again now and then: polls find everything all the same. Everything but {@link #begin}
 * and {@link #close} happens on the thread of the watch.
 */
final class WatchedFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchedFolder.class);

    private final RegistryFolder folder;
    private final SystemWatch system;
    private final Duration retry;
    private final Runnable wake;
    private final Burst burst;
    private volatile boolean closed;
    /** The version folders that are watched, the one that is given up next at first. */
    private final Set<Path> versions = new LinkedHashSet<>();

    private Future<?> next = CompletableFuture.completedFuture(null);
    private boolean complained;

    WatchedFolder(RegistryFolder folder, SystemWatch system, Duration retry, Runnable wake) {
        this.folder = folder;
        this.system = system;
        this.retry = retry;
        this.wake = wake;
        this.burst = new Burst(folder.settle());
    }

    /** Watches from now on; returns at once. */
    void begin() {
        system.execute(this::watch);
    }

    /** Watches no more; returns at once, and nobody is woken afterwards. */
    @Override
    public void close() {
        closed = true;
        system.execute(() -> {
            next.cancel(false);
            system.remove(this);
        });
    }

    private void watch() {
        if (closed) {
            return;
        }
        try {
            system.add(this, folder.root());
            addVersions();
            changed(); // What changed before the watch began was seen by nobody.
        } catch (IOException e) {
            complain(folder.root(), e);
            next = system.schedule(this::watch, retry);
        }
    }

    /** Takes what has happened in the folder or in one of its versions. */
    void changed(Path directory, List<WatchEvent<?>> events) {
        boolean root = directory.equals(folder.root());
        boolean news = false;
        for (WatchEvent<?> event : events) {
            if (event.kind() == OVERFLOW) {
                addVersions();
                news = true;
            } else if (root
                    && event.kind() != ENTRY_MODIFY
                    && Snapshot.isRelease(event.context().toString())) {
                addVersion(folder.root().resolve((Path) event.context()));
                news = true;
            } else if (!root && FileRole.of(event.context().toString()) != FileRole.OTHER) {
                news = true;
            }
        }
        if (news) {
            changed();
        }
    }

    /** A directory is gone; the folder itself may come again. */
    void lost(Path directory) {
        versions.remove(directory);
        if (directory.equals(folder.root()) && !closed) {
            versions.clear();
            system.remove(this);
            next.cancel(false);
            next = system.schedule(this::watch, retry);
        }
    }

    private void changed() {
        burst.event(System.nanoTime());
        awaitSignal();
    }

    private void awaitSignal() {
        next.cancel(false);
        if (!closed && !burst.isOver()) {
            next = system.schedule(this::signal, Duration.ofNanos(burst.untilDue(System.nanoTime())));
        }
    }

    private void signal() {
        if (!closed && burst.isDue(System.nanoTime())) {
            wake();
        }
        awaitSignal();
    }

    private void wake() {
        try {
            wake.run();
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("registry", folder.root()).setCause(e).log("Registry listener failed");
        }
    }

    private void addVersions() {
        try {
            List<Path> all = Listing.of(folder.root()).stream()
                    .filter(child -> Snapshot.isRelease(child.getFileName().toString()))
                    .toList();
            Newest.of(all).forEach(this::addVersion);
        } catch (IOException e) {
            complain(folder.root(), e);
        }
    }

    private void addVersion(Path version) {
        try {
            if (!closed) {
                system.add(this, version);
                versions.remove(version);
                versions.add(version);
                giveUpOldest();
            }
        } catch (NotDirectoryException | NoSuchFileException e) {
            // No version folder, or none any more.
            versions.remove(version);
            system.remove(this, version);
        } catch (IOException e) {
            complain(version, e);
        }
    }

    private void giveUpOldest() {
        if (versions.size() > Newest.MOST) {
            Path oldest = versions.iterator().next();
            versions.remove(oldest);
            system.remove(this, oldest);
        }
    }

    private void complain(Path path, IOException e) {
        if (!complained) {
            complained = true;
            log.atDebug()
                    .addKeyValue("registry", folder.root())
                    .addKeyValue("folder", path)
                    .addKeyValue("error", StorageException.reason(e))
                    .log("Registry is polled without being watched");
        }
    }
}
