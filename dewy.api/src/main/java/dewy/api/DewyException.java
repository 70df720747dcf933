package dewy.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A failure that was foreseen. Providers throw the subclass that says what kind of failure it is and leave retrying,
 * logging and telling people to core.
 */
@ConsumerType
public abstract class DewyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final FailureKind kind;

    protected DewyException(FailureKind kind, Problem problem) {
        super(problem.sentence());
        this.kind = kind;
        this.problem = problem;
    }

    protected DewyException(FailureKind kind, Problem problem, Throwable cause) {
        super(problem.sentence(), cause);
        this.kind = kind;
        this.problem = problem;
    }

    public final Problem problem() {
        return problem;
    }

    public final FailureKind kind() {
        return kind;
    }
}
