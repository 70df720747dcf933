package dewy.core.select;

import dewy.api.release.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What artifacts have to suit.
 *
 * @param platform its operating system and architecture
 * @param libc its C library, asked for only where that matters
 */
public record Host(Platform platform, Supplier<Libc> libc) {
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

    private static final Host CURRENT = new Host(Platform.current(), Libc::ofThisProcess);

    /** Returns the host this Java runs on. */
    public static Host current() {
        return CURRENT;
    }

    @Override
    public String toString() {
        return platform.os() + "/" + platform.arch() + (libc.get() == Libc.MUSL ? " with musl" : "");
    }
}
