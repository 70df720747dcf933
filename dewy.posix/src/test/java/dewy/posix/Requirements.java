package dewy.posix;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a test needs of its host: it is skipped without, and fails where nothing may be missing. */
final class Requirements {
    private Requirements() {}

    static void program(String name) {
        boolean there = Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        met(there, "there is no " + name + " in PATH");
    }

    static void root() {
        met("root".equals(System.getProperty("user.name")), "it needs root");
    }

    static void linux() {
        met("Linux".equals(System.getProperty("os.name")), "it needs Linux");
    }

    /** Something that nobody can be expected to change for the sake of a test. */
    static void setting(boolean met, String otherwise) {
        assumeTrue(met, otherwise);
    }

    private static void met(boolean met, String otherwise) {
        if (!met && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(met, otherwise);
    }
}
