package dewy.itest;

import dewy.tck.ServerProgram;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that some tests need: a test is skipped where one is missing, and fails where it must not be missing. */
final class Tools {
    private Tools() {}

    static void require(String program) {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        ServerProgram.require(there, "there is no " + program + " in PATH");
    }

    static void requireRoot() {
        ServerProgram.require("root".equals(System.getProperty("user.name")), "it needs root");
    }
}
