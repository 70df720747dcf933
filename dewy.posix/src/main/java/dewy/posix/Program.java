package dewy.posix;

import dewy.api.ApplicationException;
import dewy.api.Problem;
import dewy.posix.ProgramFile.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
     * @param outlook the files as the child will find them
     */
    static String find(List<String> command, Path directory, Map<String, String> environment, Outlook outlook)
            throws ApplicationException {
        if (command.isEmpty()) {
            throw failure("a process", directory, "the command is empty", "Name a program behind --");
        }
        String name = command.get(0);
        checkDirectory(name, directory);
        List<Path> places = places(name, directory, environment, outlook).toList();
        Path file = name.contains("/")
                ? places.get(0)
                : places.stream()
                        .filter(place -> !outlook.isSettled(place) || isProgram(place))
                        .findFirst()
                        .orElseThrow(() -> failure(
                                name,
                                directory,
                                "it is not in PATH",
                                "Install it, or name it with its folder, as in current/app"));
        Optional<Fault> fault = new ProgramFile(file, directory, environment, outlook).fault();
        if (fault.isPresent()) {
            throw failure(name, directory, fault.get().why(), fault.get().advice());
        }
        return name.contains("/") ? name : file.toString();
    }

    /** Returns where in the PATH of an environment a program is. */
    static Optional<String> inPath(String name, Path directory, Map<String, String> environment) {
        return places(name, directory, environment, Outlook.PRESENT)
                .filter(Program::isProgram)
                .findFirst()
                .map(Path::toString);
    }

    /** Returns where a program is looked for: in PATH, unless its name says where it is. */
    static Stream<Path> places(String name, Path directory, Map<String, String> environment, Outlook outlook) {
        if (name.contains("/")) {
            return Stream.of(outlook.of(directory.resolve(name)));
        }
        return Stream.of(environment.getOrDefault("PATH", USUAL_PATH).split(":", -1))
                .map(folder -> outlook.of(directory.resolve(folder).resolve(name)));
    }

    static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
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
}
