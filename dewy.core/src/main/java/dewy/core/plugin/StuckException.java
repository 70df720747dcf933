package dewy.core.plugin;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.Problem;

/** Code of a plugin does not come back, and was given up. */
final class StuckException extends DewyException {
    private static final long serialVersionUID = 1L;

    private final transient Confined<?> work;

    StuckException(Problem problem, Confined<?> work) {
        super(FailureKind.NETWORK, problem);
        this.work = work;
    }

    /** Returns where it hangs. */
    String place() {
        return work.place();
    }

    /** Returns whether it has come back after all. */
    boolean isOver() {
        return work.isOver();
    }
}
