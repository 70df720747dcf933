package dewy.core.journal;

import java.util.Optional;

/**
 * An attempt at the deployment of a release.
 *
 * @param deployId the deployment, the same for all attempts until one succeeds
 * @param number 1 for the first one
 * @param previous the version that was deployed when the first one began
 */
public record Attempt(String deployId, int number, Optional<String> previous) {}
