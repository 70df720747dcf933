package dewy.api;

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
}
