package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The other side did not answer, or stopped answering. Trying again later may help. */
@ConsumerType
public class UnreachableException extends DewyException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(Problem problem) {
        super(FailureKind.NETWORK, problem);
    }

    public UnreachableException(Problem problem, Throwable cause) {
        super(FailureKind.NETWORK, problem, cause);
    }
}
