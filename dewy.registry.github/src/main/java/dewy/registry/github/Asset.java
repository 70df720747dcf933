package dewy.registry.github;

import dewy.api.release.Digest;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file of a release.
 *
 * @param id by which the API knows it; a file that replaces another has another id
 * @param name its name, unique in its release
 * @param size its length in bytes
 * @param digest what GitHub calculated when it was uploaded; GitHub Enterprise may lack it
 * @param uploaded whether it is complete
 */
record Asset(long id, String name, OptionalLong size, Optional<Digest> digest, boolean uploaded) {
    boolean isArtifact() {
        return uploaded && AssetNames.role(name) == AssetNames.Role.ARTIFACT;
    }

    boolean isChecksums() {
        return uploaded && AssetNames.role(name) == AssetNames.Role.CHECKSUMS;
    }
}
