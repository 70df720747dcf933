package dewy.api;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/** What was asked for is announced but not complete, such as an artifact that is still being uploaded. */
@ConsumerType
public class NotYetThereException extends DewyException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public NotYetThereException(Problem problem, Duration retryAfter) {
        super(FailureKind.NETWORK, problem);
        this.retryAfter = retryAfter;
    }

    /** Returns how long to wait before it is worth asking again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
