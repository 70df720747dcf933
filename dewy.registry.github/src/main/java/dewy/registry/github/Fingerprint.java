package dewy.registry.github;

import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Sums up releases in what matters to a deployment. GitHub's ETag changes also with the number of downloads, and with each
 * audit file that a host leaves.
 */
final class Fingerprint {
    private final MessageDigest sum = Digest.calculation("sha256");

    private Fingerprint() {}

    static String of(ApiAddress address, Repository repository, List<GitHubRelease> releases) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(address.base());
        fingerprint.add(repository);
        releases.forEach(fingerprint::add);
        return Digest.of(fingerprint.sum).hex();
    }

    private void add(GitHubRelease release) {
        add("release");
        add(release.id());
        add(release.tag());
        add(release.published());
        for (Asset asset : release.assets()) {
            if (asset.isArtifact() || asset.isChecksums()) {
                add(asset.id());
                add(asset.name());
                add(asset.size());
                add(asset.digest());
            }
        }
    }

    /** Adds a text and its end, which no value holds. */
    private void add(Object value) {
        sum.update(value.toString().getBytes(StandardCharsets.UTF_8));
        sum.update((byte) 0);
    }
}
