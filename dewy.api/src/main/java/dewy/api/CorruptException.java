package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** An artifact was received that must not be used: wrong digest, truncated, hostile or not an archive. */
@ConsumerType
public class CorruptException extends DewyException {
    private static final long serialVersionUID = 1L;

    public CorruptException(Problem problem) {
        super(FailureKind.APPLICATION, problem);
    }

    public CorruptException(Problem problem, Throwable cause) {
        super(FailureKind.APPLICATION, problem, cause);
    }
}
