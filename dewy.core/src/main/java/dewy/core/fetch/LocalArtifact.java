package dewy.core.fetch;

import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An artifact as a file of this host, complete and verified.
 *
 * @param file the file
 * @param digest its digest
 * @param held whether the cache had it already
 * @param temporary whether it is a copy that is deleted when closed
 */
public record LocalArtifact(Path file, Digest digest, boolean held, boolean temporary) implements AutoCloseable {
    @Override
    public void close() {
        if (temporary) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // It lies in the state folder's tmp, which is emptied at the next start.
            }
        }
    }
}
