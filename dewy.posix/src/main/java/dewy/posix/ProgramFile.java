package dewy.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The file of a program. What is wrong with it is found out before it is started: the system answers that a script is not
 * there when what is to run it is not, and a shell takes a program for another processor for a script.
 *
 * @param file where it is
 * @param directory the working directory of the child
 * @param environment the environment of the child
 * @param outlook the files as the child will find them
 */
record ProgramFile(Path file, Path directory, Map<String, String> environment, Outlook outlook) {
    /** So often the interpreter of a script may itself be one. */
    private static final int DEEPEST = 4;

    private static final Path EMULATORS = Path.of("/proc/sys/fs/binfmt_misc");
    private static final Map<Integer, String> MACHINES = Map.of(
            3, "i386", 8, "mips", 20, "ppc", 21, "ppc64", 22, "s390x", 40, "arm", 62, "amd64", 183, "arm64", 243,
            "riscv64", 258, "loong64");
    /** These leave a carriage return aside; env does so where it splits its argument, and else finds nothing. */
    private static final Pattern BEAR_CARRIAGE_RETURN = Pattern.compile("(perl|ruby)[0-9.]*|env");

    /**
     * What keeps a program from being started.
     *
     * @param why for people, as what follows the name of the file
     * @param advice what to do about it
     */
    record Fault(String why, String advice) {}

    /** Returns what is wrong with it, as far as that can be known. */
    Optional<Fault> fault() {
        if (!outlook.isSettled(file)) {
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            return Optional.of(new Fault("there is no such file", "Check the command behind --"));
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of(new Fault("it is not a file", "Check the command behind --"));
        }
        if (!Files.isExecutable(file)) {
            return Optional.of(new Fault(
                    "it is not executable",
                    "Set its execute bit before it is packed (chmod +x); its file system must not be mounted noexec"));
        }
        return content(DEEPEST);
    }

    /** A file that cannot be read may be started all the same. */
    private Optional<Fault> content(int depth) {
        try {
            Optional<FirstLine> script = FirstLine.of(file);
            if (script.isPresent()) {
                return depth == 0 ? Optional.empty() : interpreter(script.get(), depth);
            }
            return ElfHeader.of(file).flatMap(this::binary);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Fault> interpreter(FirstLine line, int depth) {
        Path path = outlook.of(directory.resolve(line.interpreter()));
        if (line.interpreter().isEmpty() || !outlook.isSettled(path)) {
            return Optional.empty();
        }
        if (!Files.exists(path)) {
            return Optional.of(
                    line.interpreter().endsWith("\r")
                            ? carriageReturn()
                            : named(line, "which is not there", "Install it"));
        }
        if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            return Optional.of(named(line, "which is not executable", "Set its execute bit"));
        }
        String name = path.getFileName().toString();
        if (line.argument().endsWith("\r")
                && !BEAR_CARRIAGE_RETURN.matcher(name).matches()) {
            return Optional.of(carriageReturn());
        }
        return line.wantedOfEnv().flatMap(this::notFoundByEnv).or(() -> new ProgramFile(
                        path, directory, environment, outlook)
                .content(depth - 1)
                .map(fault -> named(line, "which cannot be started: " + fault.why(), fault.advice())));
    }

    private Optional<Fault> notFoundByEnv(String name) {
        if (Program.places(name, directory, environment, outlook)
                .anyMatch(place -> !outlook.isSettled(place) || Program.isProgram(place))) {
            return Optional.empty();
        }
        if (name.endsWith("\r")) {
            return Optional.of(carriageReturn());
        }
        return Optional.of(
                name.contains(" ")
                        ? new Fault(
                                "its first line has env look for \"" + name + "\", since all behind env is one word",
                                "Write env -S in its first line, or leave out the arguments")
                        : new Fault(
                                "its first line has env look for " + name + ", which is not "
                                        + (name.contains("/") ? "there" : "in PATH"),
                                "Install it, or correct the first line"));
    }

    private static Fault named(FirstLine line, String what, String advice) {
        return new Fault(
                "its first line names " + line.interpreter() + ", " + what, advice + ", or correct the first line");
    }

    private static Fault carriageReturn() {
        return new Fault(
                "its first line ends in a carriage return",
                "Save it with the line ends of Unix before it is packed, as dos2unix does");
    }

    private Optional<Fault> binary(ElfHeader header) {
        String here =
                System.getProperty("os.arch", "").replace("x86_64", "amd64").replace("aarch64", "arm64");
        String there = MACHINES.getOrDefault(header.machine(), here);
        boolean runs = there.equals(here) || (here + there).matches("amd64i386|arm64arm");
        if (!runs && !hasEmulators()) {
            return Optional.of(new Fault(
                    "it was built for " + there + ", and this host is " + here,
                    "Deploy what was built for this platform, or name the right artifact"));
        }
        return header.loader()
                .filter(loader -> there.equals(here) && !Files.exists(Path.of(loader)))
                .map(loader -> new Fault(
                        "it is loaded by " + loader + ", which is not there",
                        "Deploy what was built for this platform and its C library, or install that"));
    }

    /** With these the system starts programs of other processors. */
    private static boolean hasEmulators() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(EMULATORS, entry -> !Set.of("register", "status")
                .contains(entry.getFileName().toString()))) {
            return entries.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }
}
