package dewy.posix;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A shell in front of a program, for what the child has to do itself. It replaces itself by the program, which so keeps
 * the process id.
 *
 * @param held whether to wait at the {@link Gate} before anything else
 * @param directory where to go first
 * @param tellPid whether to put the process id into LISTEN_PID
 */
record ShellWrapper(boolean held, Optional<Path> directory, boolean tellPid) {
    /** The gate is where standard error will be; of that number every shell knows how to read. */
    private static final String WAIT = "read -r go <&2 || exit 125; exec 2>&1; ";

    private static final String GO = "cd -- \"$1\" || exit 126; shift; ";
    private static final String TELL = "LISTEN_PID=$$; export LISTEN_PID; ";
    private static final Predicate<String> IDENTIFIER =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*").asMatchPredicate();

    List<String> inFrontOf(List<String> words, Map<String, String> environment) {
        if (!held && directory.isEmpty() && !tellPid) {
            return words;
        }
        List<String> lost = assignmentsLost(words, environment);
        List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", script(!lost.isEmpty()), "sh"));
        directory.ifPresent(path -> all.add(path.toString()));
        all.addAll(lost);
        all.addAll(words);
        return all;
    }

    private String script(boolean assigns) {
        String wait = held ? WAIT : "";
        String go = directory.isPresent() ? GO : "";
        String tell = tellPid ? TELL : "";
        return wait + go + tell + (assigns ? "exec /usr/bin/env \"$@\"" : "exec \"$@\"");
    }

    /**
     * Some shells drop variables whose names are no identifiers, such as {@code server.port}: env(1) sets them again. It
     * cannot start a program with an equals sign in its path.
     */
    private static List<String> assignmentsLost(List<String> words, Map<String, String> environment) {
        if (words.get(0).contains("=")) {
            return List.of();
        }
        return environment.entrySet().stream()
                .filter(variable -> !IDENTIFIER.test(variable.getKey()))
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }
}
