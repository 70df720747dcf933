package dewy.posix;

import dewy.api.ApplicationException;
import dewy.api.Problem;
import dewy.api.process.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the program of a command, so that a missing one is named however many wrappers stand in front of it. */
final class Program {
    private Program() {}

    /** Returns the path to start: absolute when it was found in PATH, else as it was given. */
    static String find(Spawn spawn) throws ApplicationException {
        String name = spawn.command().get(0);
        if (!Files.isDirectory(spawn.directory())) {
            throw failed(name, "its working directory " + spawn.directory() + " is missing", "");
        }
        if (!name.contains("/")) {
            return findInPath(spawn, name)
                    .orElseThrow(() -> failed(
                            name, "it is not in PATH", "Install it, or name it with its folder, as in current/app"));
        }
        Path file = spawn.directory().resolve(name);
        if (!Files.exists(file)) {
            throw failed(name, "there is no such file in " + spawn.directory(), "Check the command behind --");
        }
        if (Files.isDirectory(file) || !Files.isExecutable(file)) {
            throw failed(name, "it is not executable", "Set its execute bit before it is packed (chmod +x)");
        }
        return name;
    }

    static ApplicationException failed(String name, String why, String advice) {
        return new ApplicationException(Problem.of("start", name, why, advice));
    }

    private static Optional<String> findInPath(Spawn spawn, String name) {
        String path = spawn.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        for (String folder : path.split(":", -1)) {
            Path candidate = spawn.directory().resolve(folder).resolve(name);
            if (!Files.isDirectory(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toString());
            }
        }
        return Optional.empty();
    }
}
