package dewy.core.cycle;

import dewy.api.InvalidException;
import dewy.api.Problem;

/** What a person asked for cannot be done, whatever becomes of the app: the person is told, and the app has not failed. */
final class MistakenException extends InvalidException {
    private static final long serialVersionUID = 1L;

    MistakenException(Problem problem) {
        super(problem);
    }
}
