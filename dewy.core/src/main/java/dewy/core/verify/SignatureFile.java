package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What lies beside an artifact as its signature.
 *
 * @param name what it is called
 * @param ending what of that stands behind the name of the artifact
 * @param content what is in it; empty if that is more than any signature has
 */
public record SignatureFile(String name, String ending, Optional<String> content) {
    static final int LARGEST = 64 << 10;

    /**
     * Fetches what lies beside an artifact under an ending. A registry tells all that a release has; a source that locates
     * artifacts by itself is asked.
     */
    static Optional<SignatureFile> fetch(Call call, ArtifactSource source, Deliverable deliverable, String ending)
            throws DewyException {
        String name = deliverable.artifact().name() + ending;
        try {
            if (source instanceof Locating locating) {
                return Optional.of(read(call, name, ending, locating.openBeside(call, deliverable, ending)));
            }
            Optional<Artifact> listed = deliverable.release().artifacts().stream()
                    .filter(other -> other.name().equals(name))
                    .findFirst();
            if (listed.isEmpty()) {
                return Optional.empty();
            }
            // It may have been replaced since, by one of another size: that is no fault of the artifact.
            Artifact now = Artifact.archive(name, listed.get().location());
            Deliverable signature = new Deliverable(deliverable.release(), now);
            return Optional.of(read(call, name, ending, source.open(call, signature, 0, Optional.empty())));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private static SignatureFile read(Call call, String name, String ending, ArtifactStream from) throws DewyException {
        try (from) {
            byte[] content = from.bytes().readNBytes(LARGEST + 1);
            boolean isTooLarge = content.length > LARGEST;
            return new SignatureFile(
                    name,
                    ending,
                    isTooLarge ? Optional.empty() : Optional.of(new String(content, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            call.check();
            throw new UnreachableException(
                    Problem.of("fetch the signature", name, String.valueOf(e.getMessage()), "It is tried again later"),
                    e);
        }
    }
}
