package dewy.api.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A version that a registry announces, with what it offers. Which release and which of its artifacts is taken is for
 * core to select: a registry leaves out neither pre-releases nor other platforms.
 *
 * @param tag the version as its publisher wrote it, such as {@code v1.2.3}
 * @param created when it was published; its oldest object's time where the registry keeps none; empty when unknown
 * @param artifacts what it offers, in the registry's order
 */
public record Release(String tag, Optional<Instant> created, List<Artifact> artifacts) {
    public Release {
        artifacts = List.copyOf(artifacts);
    }
}
