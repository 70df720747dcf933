package dewy.posix;

import dewy.api.ApplicationException;
import dewy.api.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The program of a command, looked for before the child is made: behind the programs that stand in front of it, a missing
 * one would only be an exit code.
 */
final class Program {
    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

    private Program() {}

    /**
     * Returns the path to start: absolute when it was found in PATH, else as it was given.
     *
     * @param directory the working directory of the child, absolute
     * @param environment the environment of the child
     */
    static String find(List<String> command, Path directory, Map<String, String> environment)
            throws ApplicationException {
        if (command.isEmpty()) {
            throw failure("a process", directory, "the command is empty", "Name a program behind --");
        }
        String name = command.get(0);
        checkDirectory(name, directory);
        if (name.contains("/")) {
            checkFile(name, directory);
            return name;
        }
        return inPath(name, directory, environment)
                .orElseThrow(() -> failure(
                        name,
                        directory,
                        "it is not in PATH",
                        "Install it, or name it with its folder, as in current/app"));
    }

    /** Returns where in the PATH of an environment a program is. */
    static Optional<String> inPath(String name, Path directory, Map<String, String> environment) {
        for (String folder : environment.getOrDefault("PATH", USUAL_PATH).split(":", -1)) {
            Path candidate = directory.resolve(folder).resolve(name);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toString());
            }
        }
        return Optional.empty();
    }

    static ApplicationException failure(String name, Path directory, String why, String advice) {
        return new ApplicationException(Problem.of("start " + name + " in", directory, why, advice));
    }

    private static void checkDirectory(String name, Path directory) throws ApplicationException {
        if (!Files.exists(directory)) {
            throw failure(name, directory, "the working directory does not exist", "Create it");
        }
        if (!Files.isDirectory(directory)) {
            throw failure(name, directory, "the working directory is not a folder", "Name a folder");
        }
        if (!Files.isExecutable(directory)) {
            throw failure(name, directory, "the working directory may not be entered", "Check who owns it");
        }
    }

    private static void checkFile(String name, Path directory) throws ApplicationException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            throw failure(name, directory, "there is no such file", "Check the command behind --");
        }
        if (!Files.isRegularFile(file)) {
            throw failure(name, directory, "it is not a file", "Check the command behind --");
        }
        if (!Files.isExecutable(file)) {
            throw failure(
                    name,
                    directory,
                    "it is not executable",
                    "Set its execute bit before it is packed (chmod +x); its file system must not be mounted noexec");
        }
    }
}
