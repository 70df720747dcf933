package dewy.registry.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why the file system refused. */
final class Reason {
    private Reason() {}

    static String of(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (failure instanceof NotDirectoryException) {
            return "it is a file, not a folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        boolean told = failure instanceof FileSystemException refused && refused.getReason() != null;
        String reason = told ? ((FileSystemException) failure).getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
