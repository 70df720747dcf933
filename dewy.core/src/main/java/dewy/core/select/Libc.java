package dewy.core.select;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The C library of a host. */
public enum Libc {
    GNU,
    MUSL;

    /** Returns the one that this process runs on, which is looked up when it is needed first. */
    public static Libc ofThisProcess() {
        return Found.LIBC;
    }

    /** Returns the one among the files that a process has mapped, as /proc/PID/maps lists them; else glibc. */
    static Libc mappedIn(Path maps) {
        try {
            return Files.readString(maps, StandardCharsets.ISO_8859_1).contains("/ld-musl-") ? MUSL : GNU;
        } catch (IOException e) {
            return GNU;
        }
    }

    private static final class Found {
        private static final Libc LIBC = mappedIn(Path.of("/proc/self/maps"));
    }
}
