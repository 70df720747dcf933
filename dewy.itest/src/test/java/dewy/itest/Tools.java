package dewy.itest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that some tests need: a test is skipped where one is missing, and fails where it must not be missing. */
final class Tools {
    private static final boolean MUST_BE_THERE = "true".equals(System.getenv("CI"));

    private Tools() {}

    static void require(String program) {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        require(there, "there is no " + program + " in PATH");
    }

    static void require(boolean condition, String otherwise) {
        if (!condition && MUST_BE_THERE) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(condition, otherwise);
    }

    static void requireRoot() {
        require("root".equals(System.getProperty("user.name")), "it needs root");
    }
}
