package dewy.registry.github;

import dewy.api.release.Artifact;
import dewy.api.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A release as GitHub describes it, reduced to what matters here.
 *
 * @param id by which the API knows it
 * @param tag its version
 * @param draft whether it is not published
 * @param published when it was published
 * @param uploads where further files of it are uploaded to
 * @param assets its files
 */
record GitHubRelease(
        long id, String tag, boolean draft, Optional<Instant> published, String uploads, List<Asset> assets) {
    GitHubRelease {
        assets = List.copyOf(assets);
    }

    /** Returns it as core knows it: without files that are incomplete, or not meant to be deployed. */
    Release toRelease(Repository repository) {
        List<Artifact> artifacts = assets.stream()
                .filter(Asset::isArtifact)
                .map(asset -> artifact(repository, asset))
                .toList();
        return new Release(tag, published, artifacts);
    }

    private static Artifact artifact(Repository repository, Asset asset) {
        String location = new AssetLocation(repository, asset.id()).toString();
        return new Artifact(Artifact.Kind.ARCHIVE, asset.name(), location, asset.size(), asset.digest());
    }
}
