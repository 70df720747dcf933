package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The deadline of a call passed before it was done. */
@ConsumerType
public class ExpiredException extends DewyException {
    private static final long serialVersionUID = 1L;

    public ExpiredException(Problem problem) {
        super(FailureKind.NETWORK, problem);
    }

    public ExpiredException(Problem problem, Throwable cause) {
        super(FailureKind.NETWORK, problem, cause);
    }
}
