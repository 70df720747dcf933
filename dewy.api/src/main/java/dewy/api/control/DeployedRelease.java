package dewy.api.control;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What is deployed.
 *
 * @param version the version
 * @param key version and artifact
 * @param digest the digest of the artifact as it was fetched
 * @param folder the release folder; empty for an image
 * @param image what an image is run by: {@code repository@sha256:…}; empty for an archive
 * @param signer by which key it is signed, where that was verified
 * @param since when it was deployed
 */
public record DeployedRelease(
        String version,
        String key,
        Optional<String> digest,
        Optional<Path> folder,
        Optional<String> image,
        Optional<String> signer,
        Instant since) {}
