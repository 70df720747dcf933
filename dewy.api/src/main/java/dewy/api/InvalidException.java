package dewy.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What was given (a URL, an option, a file) cannot be right, however often it is tried. */
@ConsumerType
public class InvalidException extends DewyException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> names;

    public InvalidException(Problem problem) {
        this(problem, List.of());
    }

    /**
     * @param names the options or parameters that are wrong, so that whoever read them from a file can say where
     */
    public InvalidException(Problem problem, List<String> names) {
        super(FailureKind.CONFIGURATION, problem);
        this.names = List.copyOf(names);
    }

    public InvalidException(Problem problem, Throwable cause) {
        super(FailureKind.CONFIGURATION, problem, cause);
        this.names = List.of();
    }

    private InvalidException(Problem problem, List<String> names, Throwable cause) {
        super(FailureKind.CONFIGURATION, problem, cause);
        this.names = List.copyOf(names);
    }

    /** Returns the options or parameters that are wrong, as far as that is known. */
    public final List<String> names() {
        return names;
    }

    /** Returns the same failure, as one of the value of an option. */
    public final InvalidException in(String option) {
        return new InvalidException(problem(), List.of(option), this);
    }
}
