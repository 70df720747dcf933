package dewy.cache.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;

/** A file system of a few megabytes, which only root can have. */
final class SmallFileSystem implements AutoCloseable {
    private final Path folder;

    private SmallFileSystem(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a folder; skips the test where that is not allowed, except where all tests have to run. */
    static SmallFileSystem mount(Path folder, int megabytes) throws IOException, InterruptedException {
        String refused = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
        if (!refused.isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("this test must run here, and needs to mount a tmpfs: " + refused);
            }
            abort("needs to mount a tmpfs: " + refused);
        }
        return new SmallFileSystem(folder);
    }

    void makeReadOnly() throws IOException, InterruptedException {
        String refused = run("mount", "-o", "remount,ro", folder.toString());
        if (!refused.isEmpty()) {
            throw new IOException(refused);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        String refused = run("umount", folder.toString());
        if (!refused.isEmpty()) {
            throw new IOException(refused);
        }
    }

    /** Returns why a command failed, or nothing. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        return process.waitFor() == 0 ? "" : command[0] + ": " + output;
    }
}
