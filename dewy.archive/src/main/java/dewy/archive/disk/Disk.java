package dewy.archive.disk;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What is done to the file system, with the reason in words when it refuses. */
public final class Disk {
    /** With less room than this a file system is taken for full, whatever the message of a failed write says. */
    private static final long AS_GOOD_AS_FULL = 64 << 10;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Disk() {}

    /** One thing that the file system is asked to do. */
    @FunctionalInterface
    public interface Operation<T> {
        T run() throws IOException;
    }

    /** Does {@code operation}, which is {@code tried} (a verb phrase) on {@code path}. */
    public static <T> T attempt(String tried, Path path, Operation<T> operation) throws DewyException {
        try {
            return operation.run();
        } catch (IOException refused) {
            throw failure(tried, path, refused);
        }
    }

    /** Returns the attributes of what is at {@code path} itself, be it a link; empty if nothing is. */
    public static Optional<PosixFileAttributes> look(Path path) throws DewyException {
        try {
            return Optional.of(Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException refused) {
            throw failure("look at", path, refused);
        }
    }

    /** Lets the owner list, enter and change a directory that has these permissions. */
    public static void openUp(Path directory, Set<PosixFilePermission> permissions) throws DewyException {
        if (!permissions.containsAll(OWNER)) {
            Set<PosixFilePermission> open = EnumSet.copyOf(OWNER);
            open.addAll(permissions);
            attempt("make writable", directory, () -> Files.setPosixFilePermissions(directory, open));
        }
    }

    /** Returns the failure of {@code tried}, a verb phrase, on {@code path}; a cancellation if an interrupt caused it. */
    public static DewyException failure(String tried, Path path, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return new CancelledException(Problem.of(tried, path, "the work was interrupted", ""), cause);
        }
        return new StorageException(problem(tried, path, cause), cause);
    }

    public static DewyException failure(String tried, Path path, DirectoryIteratorException cause) {
        return failure(tried, path, Objects.requireNonNull(cause.getCause()));
    }

    private static Problem problem(String tried, Path path, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            String advice = "The user that runs the agent must be allowed to do so.";
            return Problem.of(tried, path, "permission denied", advice);
        }
        if (!isToldByClass(cause) && isFull(path, cause)) {
            return Problem.of(tried, path, "the disk is full", "Free some space; it is then tried again.");
        }
        return Problem.of(tried, path, StorageException.reason(cause), "");
    }

    private static boolean isToldByClass(IOException cause) {
        return cause instanceof FileSystemException && !cause.getClass().equals(FileSystemException.class);
    }

    /** The system speaks the language of its user; so the room that is left is asked as well. */
    private static boolean isFull(Path path, IOException cause) {
        String message = StorageException.reason(cause).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded") || hasNoRoom(path);
    }

    private static boolean hasNoRoom(Path path) {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing.toFile().getUsableSpace() < AS_GOOD_AS_FULL;
    }
}
