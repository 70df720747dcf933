package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The other side answered, and refused who we are or what we may do. */
@ConsumerType
public class UnauthorizedException extends DewyException {
    private static final long serialVersionUID = 1L;

    public UnauthorizedException(Problem problem) {
        super(FailureKind.NETWORK, problem);
    }

    public UnauthorizedException(Problem problem, Throwable cause) {
        super(FailureKind.NETWORK, problem, cause);
    }
}
