package dewy.core.hook;

import dewy.api.DewyException;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The programs that a shell command names by their path, for finding out why its shell could not start one: of a script
 * whose interpreter is missing it says that the script is not found.
 *
 * @param processes what knows of programs
 * @param directory where the command ran
 * @param logs the folder of its output
 * @param environment what it found in its environment beside what the agent has
 */
record NamedPrograms(Processes processes, Path directory, Path logs, Map<String, String> environment) {
    private static final String BETWEEN_WORDS = "[\\s:;&|()'\"`]+";

    /** Returns what is wrong with each that is there and cannot be started. */
    List<String> faults(String text) {
        Set<String> words = new LinkedHashSet<>(List.of(text.split(BETWEEN_WORDS, -1)));
        List<String> faults = new ArrayList<>();
        for (String word : words) {
            try {
                if (isProgram(word)) {
                    Spawn spawn = Spawn.of(List.of(word), directory, logs);
                    processes.check(spawn.withEnvironment(environment), Map.of());
                }
            } catch (DewyException e) {
                faults.add(word + ": " + e.problem().why());
            }
        }
        return faults;
    }

    private boolean isProgram(String word) {
        try {
            Path file = directory.resolve(word);
            return word.contains("/") && Files.isRegularFile(file) && Files.isExecutable(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
