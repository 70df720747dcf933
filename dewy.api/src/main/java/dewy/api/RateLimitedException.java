package dewy.api;

import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/** The other side asks to be left alone for a while. */
@ConsumerType
public class RateLimitedException extends DewyException {
    private static final long serialVersionUID = 1L;

    private final Instant until;

    public RateLimitedException(Problem problem, Instant until) {
        super(FailureKind.NETWORK, problem);
        this.until = until;
    }

    /** Returns the time before which nothing must be asked again. */
    public Instant until() {
        return until;
    }
}
