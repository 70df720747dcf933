package dewy.cache.file;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long this host has been up, by the one clock that all its processes share and that nobody sets.
 *
 * @param boot the name of this start of the host, which no other one has, of whatever host
 * @param nanos how long ago that was, but for the time for which the host was suspended
 */
record Uptime(String boot, long nanos) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * Returns how long it is now. On Linux {@link System#nanoTime} is {@code CLOCK_MONOTONIC}, the same in all containers,
     * while {@code /proc/uptime} may be that of a container.
     */
    static Uptime now() throws StorageException {
        try {
            return new Uptime(Files.readString(BOOT).strip(), System.nanoTime());
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of(
                            "tell one start of this host from another by",
                            BOOT,
                            StorageException.reason(e),
                            "Let Dewy read it, as with ProcSubset=all in its unit, or name a shared cache: --cache redis://…"),
                    e);
        }
    }
}
