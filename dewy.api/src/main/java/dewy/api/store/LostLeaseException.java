package dewy.api.store;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.Problem;
import org.osgi.annotation.versioning.ConsumerType;

/** A lease is not held any more: what was to be done under it is somebody else's now. */
@ConsumerType
public class LostLeaseException extends DewyException {
    private static final long serialVersionUID = 1L;

    public LostLeaseException(Problem problem) {
        super(FailureKind.NETWORK, problem);
    }
}
