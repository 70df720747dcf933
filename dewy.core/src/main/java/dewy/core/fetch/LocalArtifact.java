package dewy.core.fetch;

import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An artifact as a file of this host, complete and verified.
 *
 * @param file the file
 * @param digest its digest
 * @param held whether the cache had it already
 * @param signer by which key it is signed, where that was verified
 * @param temporary whether it is a copy that is deleted when closed
 */
public record LocalArtifact(Path file, Digest digest, boolean held, Optional<String> signer, boolean temporary)
        implements AutoCloseable {
    LocalArtifact signedBy(Optional<String> key) {
        return new LocalArtifact(file, digest, held, key, temporary);
    }

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
