package dewy.config;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is wrong with a file, collected to be told at once. For one thread. */
final class Mistakes {
    private static final String ADVICE = "docs/config.md says what it may hold";
    /** People read them one below the other. */
    private static final String OF_SEVERAL = "\n  ";

    private record Mistake(int line, String what) {}

    private final Path file;
    private final SortedSet<Mistake> found =
            new TreeSet<>(Comparator.comparingInt(Mistake::line).thenComparing(Mistake::what));

    Mistakes(Path file) {
        this.file = file;
    }

    void add(int line, String what) {
        found.add(new Mistake(line, what));
    }

    /** Throws when anything was found. */
    void report() throws InvalidException {
        if (found.isEmpty()) {
            return;
        }
        List<String> all = found.stream()
                .map(mistake -> "line " + mistake.line() + ": " + mistake.what())
                .toList();
        String why =
                all.size() == 1 ? all.get(0) : all.size() + " mistakes" + OF_SEVERAL + String.join(OF_SEVERAL, all);
        throw new InvalidException(Problem.of("use the file", file, why, all.size() == 1 ? ADVICE : ""));
    }

    /** Returns what a file was refused for in one line, as the log has it. */
    static String inOneLine(String problem) {
        return problem.replaceFirst(OF_SEVERAL, ": ").replace(OF_SEVERAL, "; ");
    }
}
