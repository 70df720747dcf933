package dewy.api.registry;

import dewy.api.release.Deliverable;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of a release on this host.
 *
 * @param deliverable what was deployed
 * @param host the name of this host
 * @param command how it runs: {@code server}, {@code assets} or {@code container}
 * @param at when the deployment ended
 * @param error why it failed; empty when it succeeded
 */
public record DeploymentReport(
        Deliverable deliverable, String host, String command, Instant at, Optional<String> error) {}
