package dewy.posix;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Finds a folder that code can be loaded from: one that can be written, on a file system not mounted noexec. */
final class ExecutableFolder {
    private ExecutableFolder() {}

    /** Returns the first of the candidates that qualifies. */
    static Path first(List<Path> candidates) throws StorageException {
        for (Path candidate : candidates) {
            if (allowsExecution(candidate)) {
                return candidate;
            }
        }
        throw new StorageException(Problem.of(
                "load the native library from",
                String.join(", ", candidates.stream().map(Path::toString).toList()),
                "no file can be written and executed there",
                "Name a folder where that is allowed with -Djna.tmpdir=FOLDER"));
    }

    /** The system says of a file on a noexec file system that it may not be executed, whatever its mode. */
    private static boolean allowsExecution(Path folder) {
        try {
            Path probe = Files.createTempFile(
                    folder,
                    "dewy",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return Files.isExecutable(probe);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
