package dewy.api.control;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What is deployed.
 *
 * @param tag the version
 * @param cacheKey version and artifact
 * @param digest the digest of the artifact as it was fetched
 * @param folder the release folder; empty for an image
 * @param image what an image is run by: {@code repository@sha256:…}; empty for an archive
 * @param since when it was deployed
 */
public record DeployedRelease(
        String tag,
        String cacheKey,
        Optional<String> digest,
        Optional<Path> folder,
        Optional<String> image,
        Instant since) {}
