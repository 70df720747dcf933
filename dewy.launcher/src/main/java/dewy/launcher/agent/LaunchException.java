package dewy.launcher.agent;

import dewy.api.FailureKind;
import dewy.api.Problem;

/** The agent cannot be started. */
public final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    LaunchException(FailureKind kind, Problem problem) {
        super(problem.sentence());
        this.kind = kind;
    }

    LaunchException(FailureKind kind, Problem problem, Throwable cause) {
        super(problem.sentence(), cause);
        this.kind = kind;
    }

    public FailureKind kind() {
        return kind;
    }
}
