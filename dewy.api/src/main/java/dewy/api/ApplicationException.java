package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The application being deployed does not start, or does not stay up. */
@ConsumerType
public class ApplicationException extends DewyException {
    private static final long serialVersionUID = 1L;

    public ApplicationException(Problem problem) {
        super(FailureKind.APPLICATION, problem);
    }

    public ApplicationException(Problem problem, Throwable cause) {
        super(FailureKind.APPLICATION, problem, cause);
    }
}
