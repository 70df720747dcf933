package dewy.archive.disk;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was unpacked to the disk, so that it is there after a power cut: many files with their file system, if that
 * can be relied upon, otherwise each for itself.
 */
public final class TreeSync {
    /** By the file system of this host, or file by file. */
    public static final TreeSync SYSTEM = new TreeSync(FileSystemSync.SYSTEM);

    /** So many files are worth a program. */
    static final int MANY = 500;

    /** File systems write one journal record for what several threads sync at once. */
    private static final int THREADS = 8;

    private static final int QUEUE = 256;

    private final FileSystemSync fileSystem;

    TreeSync(FileSystemSync fileSystem) {
        this.fileSystem = fileSystem;
    }

    /**
     * Syncs everything below and including {@code tree}; links are not followed.
     *
     * @param files how many files were written there
     * @param bytes how much they came to
     */
    public void sync(Call call, Path tree, int files, long bytes) throws DewyException {
        boolean done = files >= MANY && fileSystem.run(call, tree, bytes);
        if (!done) {
            forceEach(call, tree);
        }
    }

    /** Syncs the names in one directory: what was created in it, renamed or deleted. */
    public static void directory(Path directory) throws DewyException {
        Disk.attempt("sync", directory, () -> force(directory));
    }

    private static void forceEach(Call call, Path tree) throws DewyException {
        try (DiskWorkers workers = new DiskWorkers("sync", THREADS, QUEUE)) {
            Files.walkFileTree(tree, visitor(call, workers));
            workers.await(call);
        } catch (IOException unreadable) {
            throw CarriedException.in(unreadable).orElseGet(() -> Disk.failure("sync", tree, unreadable));
        }
    }

    private static SimpleFileVisitor<Path> visitor(Call call, DiskWorkers workers) {
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

            private void submit(Path path) throws CarriedException {
                CarriedException.check(call);
                workers.submit(() -> Disk.attempt("sync", path, () -> force(path)));
            }
        };
    }

    private static Path force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
        return path;
    }
}
