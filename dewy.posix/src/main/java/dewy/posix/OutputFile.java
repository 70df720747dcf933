package dewy.posix;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file that a child writes to. */
final class OutputFile {
    private OutputFile() {}

    /** Opens the file once before the child does, so that its failure is not mistaken for one of the program. */
    static void prepare(Path file) throws StorageException {
        try {
            Files.newByteChannel(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))
                    .close();
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of(
                            "write the output of a process to",
                            file,
                            e instanceof NoSuchFileException ? "its folder does not exist" : StorageException.reason(e),
                            "Check its folder, who owns it, and the free space"),
                    e);
        }
    }
}
