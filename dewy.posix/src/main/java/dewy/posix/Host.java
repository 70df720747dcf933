package dewy.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells this run of the operating system from every other one. */
final class Host {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Host() {}

    /** Returns a text that is another one after each start of the system; empty where it does not tell. */
    static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
