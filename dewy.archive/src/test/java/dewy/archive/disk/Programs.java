package dewy.archive.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** Scripts in the place of programs of the system. */
final class Programs {
    private Programs() {}

    /** Returns a program that does these lines of shell. */
    static SystemProgram script(Path folder, String lines) throws IOException {
        return new SystemProgram(List.of(path(folder, lines).toString()), Duration.ofMinutes(1));
    }

    static Path path(Path folder, String lines) throws IOException {
        Path script = Files.createTempFile(folder, "program", "");
        Files.writeString(script, "#!/bin/sh\n" + lines + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
