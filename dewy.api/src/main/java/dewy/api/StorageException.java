package dewy.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.osgi.annotation.versioning.ConsumerType;

/** The file system of this host refused: full, read-only, no permission, broken. */
@ConsumerType
public class StorageException extends DewyException {
    private static final long serialVersionUID = 1L;

    public StorageException(Problem problem) {
        super(FailureKind.STORAGE, problem);
    }

    public StorageException(Problem problem, Throwable cause) {
        super(FailureKind.STORAGE, problem, cause);
    }

    /** Returns in words why the file system refused: the class of some failures is all that they tell. */
    public static String reason(IOException refusal) {
        if (refusal instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (refusal instanceof NotDirectoryException) {
            return "it is a file, not a folder";
        }
        if (refusal instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (refusal instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (refusal instanceof DirectoryNotEmptyException) {
            return "it is not empty";
        }
        if (refusal instanceof AtomicMoveNotSupportedException) {
            return "the file system cannot rename";
        }
        boolean told = refusal instanceof FileSystemException named && named.getReason() != null;
        String reason = told ? ((FileSystemException) refusal).getReason() : refusal.getMessage();
        return reason == null ? refusal.getClass().getSimpleName() : reason;
    }
}
