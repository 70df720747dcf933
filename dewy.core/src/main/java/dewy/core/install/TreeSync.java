package dewy.core.install;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings files and directories to the disk itself, so that they are there after a power cut. Many small files are synced
 * by several threads at once: file systems then write one journal record for all of them.
 */
final class TreeSync {
    private static final int THREADS = 8;
    private static final int QUEUE = 256;

    private final Call call;
    private final ThreadPoolExecutor pool;
    private final AtomicReference<@Nullable DewyException> failure = new AtomicReference<>();

    private TreeSync(Call call, ThreadPoolExecutor pool) {
        this.call = call;
        this.pool = pool;
    }

    /** Syncs everything below and including {@code tree}; links are not followed. */
    static void sync(Call call, Path tree) throws DewyException {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                work -> {
                    Thread thread = new Thread(work, "dewy-sync");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
        try {
            new TreeSync(call, pool).run(tree);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Syncs the names in one directory: what was created in it, renamed or deleted. */
    static void directory(Path directory) throws DewyException {
        Disk.attempt("sync", directory, () -> force(directory));
    }

    private void run(Path tree) throws DewyException {
        try {
            Files.walkFileTree(tree, visitor());
        } catch (IOException unreadable) {
            throw CarriedException.in(unreadable).orElseGet(() -> Disk.failure("sync", tree, unreadable));
        }
        await(tree);
        DewyException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private SimpleFileVisitor<Path> visitor() {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    submit(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException broken) throws IOException {
                if (broken != null) {
                    throw broken;
                }
                submit(directory);
                return FileVisitResult.CONTINUE;
            }
        };
    }

    private void submit(Path path) throws CarriedException {
        CarriedException.check(call);
        pool.execute(() -> {
            try {
                Disk.attempt("sync", path, () -> force(path));
            } catch (DewyException refused) {
                failure.compareAndSet(null, refused);
            }
        });
    }

    private void await(Path tree) throws DewyException {
        pool.shutdown();
        try {
            while (!pool.awaitTermination(100, TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of("sync", tree, "the work was interrupted", ""), stopped);
        }
    }

    private static Path force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
        return path;
    }
}
