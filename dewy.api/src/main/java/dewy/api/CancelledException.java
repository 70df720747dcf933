package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The call was cancelled, because its app was stopped or changed, or a person wanted it to end. Never counted as a failure
 * of the app.
 */
@ConsumerType
public class CancelledException extends DewyException {
    private static final long serialVersionUID = 1L;

    public CancelledException(Problem problem) {
        super(FailureKind.CANCELLED, problem);
    }

    public CancelledException(Problem problem, Throwable cause) {
        super(FailureKind.CANCELLED, problem, cause);
    }
}
