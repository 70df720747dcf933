package dewy.api.runtime;

import dewy.api.release.Deliverable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is to run: a folder with files, or an image.
 *
 * @param deliverable the selected artifact
 * @param folder the release folder an archive was unpacked to; empty for an image
 * @param image what an image is run by: {@code repository@sha256:…}, see {@link ImageStore#pull}; empty for an archive
 * @param environment what the application finds in its environment beside what the runtime itself adds
 */
public record Activation(
        Deliverable deliverable, Optional<Path> folder, Optional<String> image, Map<String, String> environment) {
    public Activation {
        environment = Map.copyOf(environment);
    }

    /** Returns what runs an archive that was unpacked, with nothing added to its environment. */
    public static Activation of(Deliverable deliverable, Path folder) {
        return new Activation(deliverable, Optional.of(folder), Optional.empty(), Map.of());
    }

    /** Returns what runs an image that was pulled, with nothing added to its environment. */
    public static Activation of(Deliverable deliverable, String image) {
        return new Activation(deliverable, Optional.empty(), Optional.of(image), Map.of());
    }

    public Activation with(Map<String, String> variables) {
        return new Activation(deliverable, folder, image, variables);
    }
}
