package dewy.core.install;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A symbolic link whose target is exactly what the archive says. */
final class NewLink {
    private static final String TRIED = "create the link";

    private NewLink() {}

    /** Creates the link where nothing is. Java drops slashes that it finds needless, so {@code ln} makes such links. */
    static void create(Path place, String target) throws IOException, DewyException {
        Path path = EntryPath.in(Path.of(""), target);
        if (path.toString().equals(target)) {
            Disk.attempt(TRIED, place, () -> Files.createSymbolicLink(place, path));
        } else {
            Process ln = Disk.attempt(TRIED, place, () -> new ProcessBuilder("ln", "-s", "--", target, place.toString())
                    .redirectErrorStream(true)
                    .start());
            await(ln, place);
        }
    }

    private static void await(Process ln, Path place) throws DewyException {
        try {
            String said = Disk.attempt(
                    TRIED, place, () -> new String(ln.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            if (ln.waitFor() != 0) {
                throw Disk.failure(TRIED, place, new IOException(said.strip()));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of(TRIED, place, "the work was interrupted", ""), stopped);
        } finally {
            ln.destroy();
        }
    }
}
