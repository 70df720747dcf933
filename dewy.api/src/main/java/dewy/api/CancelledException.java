package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The call was cancelled, because its app was stopped or changed. Never told to people, never counted as a failure. */
@ConsumerType
public class CancelledException extends DewyException {
    private static final long serialVersionUID = 1L;

    public CancelledException(Problem problem) {
        super(FailureKind.NETWORK, problem);
    }

    public CancelledException(Problem problem, Throwable cause) {
        super(FailureKind.NETWORK, problem, cause);
    }
}
