package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The other side answered that what was asked for does not exist. */
@ConsumerType
public class NotFoundException extends DewyException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(Problem problem) {
        super(FailureKind.NETWORK, problem);
    }

    public NotFoundException(Problem problem, Throwable cause) {
        super(FailureKind.NETWORK, problem, cause);
    }
}
