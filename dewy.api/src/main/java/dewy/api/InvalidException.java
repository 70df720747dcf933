package dewy.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.annotation.versioning.ConsumerType;

/** What was given (a URL, an option, a file) cannot be right, however often it is tried. */
@ConsumerType
public class InvalidException extends DewyException {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;
    private final transient Optional<List<String>> taken;

    /**
     * One thing that is wrong.
     *
     * @param name the option or parameter; empty when it is not known which one
     * @param why what is wrong with it, and what to do about it where that is known
     */
    public record Mistake(String name, String why) {}

    public InvalidException(Problem problem) {
        this(problem, List.of());
    }

    /**
     * @param names the options or parameters that are wrong, so that whoever read them from a file can say where
     */
    public InvalidException(Problem problem, List<String> names) {
        super(FailureKind.CONFIGURATION, problem);
        this.mistakes = mistakes(problem, names);
        this.taken = Optional.empty();
    }

    public InvalidException(Problem problem, Throwable cause) {
        super(FailureKind.CONFIGURATION, problem, cause);
        this.mistakes = mistakes(problem, List.of());
        this.taken = Optional.empty();
    }

    private InvalidException(Problem problem, Optional<List<String>> taken, Mistake... mistakes) {
        super(FailureKind.CONFIGURATION, problem);
        this.mistakes = List.of(mistakes);
        this.taken = taken;
    }

    private InvalidException(Problem problem, List<Mistake> mistakes, Throwable cause) {
        super(FailureKind.CONFIGURATION, problem, cause);
        this.mistakes = List.copyOf(mistakes);
        this.taken = Optional.empty();
    }

    /** Returns a failure for several reasons, which the problem sums up. */
    public static InvalidException of(Problem problem, List<Mistake> mistakes) {
        return new InvalidException(problem, Optional.empty(), mistakes.toArray(Mistake[]::new));
    }

    /**
     * Returns a failure for mistakes in named values, which says which names there are.
     *
     * @param taken the names that are understood
     */
    public static InvalidException of(String tried, Object on, List<Mistake> mistakes, Collection<String> taken) {
        String why = mistakes.stream().map(Mistake::why).collect(Collectors.joining("; "));
        String advice = "It takes " + (taken.isEmpty() ? "none" : String.join(", ", taken));
        return new InvalidException(
                Problem.of(tried, on, why, advice), Optional.of(List.copyOf(taken)), mistakes.toArray(Mistake[]::new));
    }

    /** Returns the same failure, where it says which names there are as one that says these as well: somebody else reads them. */
    public final InvalidException taking(List<String> others) {
        if (taken.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(taken.get());
        all.addAll(others);
        return of(problem().tried(), problem().on(), mistakes, all);
    }

    /** Returns the options or parameters that are wrong, as far as that is known. */
    public final List<String> names() {
        return mistakes.stream()
                .map(Mistake::name)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** Returns what is wrong, one after the other: at least one. */
    public final List<Mistake> mistakes() {
        return mistakes;
    }

    /** Returns the same failure, as one of the value of an option. */
    public final InvalidException in(String option) {
        boolean advised = mistakes.size() == 1 && !problem().advice().isEmpty();
        String advice = advised ? ". " + problem().advice() : "";
        List<Mistake> all = mistakes.stream()
                .map(mistake -> new Mistake(option, mistake.why() + advice))
                .toList();
        return new InvalidException(problem(), all, this);
    }

    private static List<Mistake> mistakes(Problem problem, List<String> names) {
        List<String> known = names.isEmpty() ? List.of("") : names;
        return known.stream().map(name -> new Mistake(name, problem.why())).toList();
    }
}
