package dewy.api.runtime;

import dewy.api.release.Deliverable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What is to run.
 *
 * @param deliverable the selected artifact
 * @param folder the release folder it was unpacked to, for archives
 * @param environment what the application finds in its environment beside what the runtime itself adds
 */
public record Activation(Deliverable deliverable, Optional<Path> folder, Map<String, String> environment) {
    public Activation {
        environment = Map.copyOf(environment);
    }
}
