package dewy.archive.disk;

import dewy.api.DewyException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/** Deletes folders with everything in them. */
public final class TreeDeletion {
    private TreeDeletion() {}

    /**
     * Deletes what is at {@code path}, a folder or a single file; nothing if nothing is there. Links are deleted and
     * never followed. Directories that their owner may not change are made changeable first.
     *
     * @throws dewy.api.StorageException if something could not be deleted; what was deleted before is gone
     */
    public static void delete(Path path) throws DewyException {
        Optional<PosixFileAttributes> present = Disk.look(path);
        if (present.isEmpty()) {
            return;
        }
        if (present.get().isDirectory()) {
            Disk.openUp(path, present.get().permissions());
            deleteChildren(path);
        }
        Disk.attempt("delete", path, () -> Files.deleteIfExists(path));
    }

    private static void deleteChildren(Path directory) throws DewyException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                delete(child);
            }
        } catch (DirectoryIteratorException unreadable) {
            throw Disk.failure("delete", directory, unreadable);
        } catch (IOException refused) {
            throw Disk.failure("delete", directory, refused);
        }
    }
}
