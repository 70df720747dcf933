package dewy.api.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The bytes of an artifact from an offset to its end. Whoever receives it closes it. A read that blocks ends with an
 * {@link IOException} when the call it was opened with is over.
 *
 * @param bytes the content from {@code offset} on
 * @param offset where the stream starts: the offset asked for, or 0
 * @param total the length of the whole artifact, where it is known; a stream that ends earlier was cut off
 * @param validator by which a later request recognises the same content, such as a strong ETag
 */
public record ArtifactStream(InputStream bytes, long offset, OptionalLong total, Optional<String> validator)
        implements AutoCloseable {
    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
