package dewy.registry.file;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that watches a registry folder and its version folders. Where the system cannot watch (no such folder yet, a
 * limit reached) it says so once and tries again now and then: polls find everything all the same.
 */
final class WatchLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchLoop.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final RegistryFolder folder;
    private final Duration retry;
    private final Runnable wake;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<WatchService> service = Optional.empty();
    private boolean complained;

    WatchLoop(RegistryFolder folder, Duration retry, Runnable wake) {
        this.folder = folder;
        this.retry = retry;
        this.wake = wake;
        this.thread = new Thread(this::run, "dewy-watch " + folder.root());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread; waits for it a little, unless it is the thread itself that closes. */
    @Override
    public void close() {
        closed.countDown();
        service.ifPresent(this::close);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(LONGEST_CLOSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            do {
                watchUntilLost();
            } while (!closed.await(retry.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            // Somebody wants this thread to end: polls go on without it.
        }
    }

    private void watchUntilLost() throws InterruptedException {
        try (WatchService watching = folder.root().getFileSystem().newWatchService()) {
            service = Optional.of(watching);
            folder.root().register(watching, ENTRY_CREATE, ENTRY_DELETE);
            registerVersions(watching);
            takeEvents(watching);
        } catch (ClosedWatchServiceException e) {
            // Closed by close(), which has said all there is to say.
        } catch (IOException e) {
            complain(folder.root(), e);
        }
    }

    private void takeEvents(WatchService watching) throws InterruptedException {
        Burst burst = new Burst(folder.settle());
        burst.event(System.nanoTime()); // What changed before the watch began was seen by nobody.
        while (closed.getCount() > 0) {
            WatchKey key = watching.poll(burst.untilDue(System.nanoTime()), TimeUnit.NANOSECONDS);
            if (key != null) {
                if (takeEvents(watching, key)) {
                    burst.event(System.nanoTime());
                }
                if (!key.reset() && key.watchable().equals(folder.root())) {
                    return;
                }
            }
            if (burst.isDue(System.nanoTime())) {
                wake();
            }
        }
    }

    /** Returns whether any of the events of a folder is news. */
    private boolean takeEvents(WatchService watching, WatchKey key) {
        boolean news = false;
        boolean root = key.watchable().equals(folder.root());
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind() == OVERFLOW) {
                registerVersions(watching);
                news = true;
            } else if (root && Names.isRelease(event.context().toString())) {
                registerVersion(watching, folder.root().resolve((Path) event.context()));
                news = true;
            } else if (!root && Names.role(event.context().toString()) != Names.Role.OTHER) {
                news = true;
            }
        }
        return news;
    }

    private void registerVersions(WatchService watching) {
        try {
            for (Path child : Listing.of(folder.root())) {
                if (Names.isRelease(child.getFileName().toString())) {
                    registerVersion(watching, child);
                }
            }
        } catch (IOException e) {
            complain(folder.root(), e);
        }
    }

    private void registerVersion(WatchService watching, Path version) {
        try {
            version.register(watching, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
        } catch (NotDirectoryException | NoSuchFileException e) {
            // No version folder, or none any more.
        } catch (IOException e) {
            complain(version, e);
        }
    }

    private void wake() {
        try {
            wake.run();
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("registry", folder.root()).setCause(e).log("Registry listener failed");
        }
    }

    private void complain(Path path, IOException e) {
        if (!complained) {
            complained = true;
            log.atDebug()
                    .addKeyValue("registry", folder.root())
                    .addKeyValue("folder", path)
                    .addKeyValue("error", Reason.of(e))
                    .log("Registry is polled without being watched");
        }
    }

    private void close(WatchService watching) {
        try {
            watching.close();
        } catch (IOException e) {
            complain(folder.root(), e);
        }
    }
}
