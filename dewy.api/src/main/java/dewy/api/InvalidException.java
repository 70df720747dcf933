package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/** What was given (a URL, an option, a file) cannot be right, however often it is tried. */
@ConsumerType
public class InvalidException extends DewyException {
    private static final long serialVersionUID = 1L;

    public InvalidException(Problem problem) {
        super(FailureKind.CONFIGURATION, problem);
    }

    public InvalidException(Problem problem, Throwable cause) {
        super(FailureKind.CONFIGURATION, problem, cause);
    }
}
