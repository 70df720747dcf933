package dewy.registry.github;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A release as GitHub describes it ("REST API endpoints for releases"), reduced to what matters here.
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
    @JsonCreator
    static GitHubRelease of(
            @JsonProperty("id") @Nullable Long id,
            @JsonProperty("tag_name") @Nullable String tag,
            @JsonProperty("draft") boolean draft,
            @JsonProperty("created_at") @Nullable String created,
            @JsonProperty("published_at") @Nullable String published,
            @JsonProperty("upload_url") @Nullable String uploads,
            @JsonProperty("assets") @Nullable List<Asset> assets) {
        if (id == null || (!draft && orEmpty(tag).isEmpty())) {
            throw new IllegalArgumentException("a release without id or tag");
        }
        return new GitHubRelease(
                id,
                orEmpty(tag),
                draft,
                Optional.ofNullable(published == null ? created : published).map(Instant::parse),
                orEmpty(uploads),
                assets == null ? List.of() : List.copyOf(assets));
    }

    /** Returns it as core knows it: without files that are incomplete, or not meant to be deployed. */
    Release toRelease(Repository repository) {
        List<Artifact> artifacts = assets.stream()
                .filter(Asset::isArtifact)
                .map(asset -> new Artifact(
                        Artifact.Kind.ARCHIVE,
                        asset.name(),
                        repository.location(asset.id()),
                        asset.size(),
                        asset.digest()))
                .toList();
        return new Release(tag, published, artifacts);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
