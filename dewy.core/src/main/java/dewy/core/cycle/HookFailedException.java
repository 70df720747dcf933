package dewy.core.cycle;

import dewy.api.ApplicationException;
import dewy.api.Problem;

/** A hook failed, and that ends the deployment. The hook's own event has told about it. */
public final class HookFailedException extends ApplicationException {
    private static final long serialVersionUID = 1L;

    HookFailedException(Problem problem) {
        super(problem);
    }
}
