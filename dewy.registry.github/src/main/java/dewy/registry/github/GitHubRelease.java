package dewy.registry.github;

import dewy.api.release.Artifact;
import dewy.api.release.Release;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
    static GitHubRelease read(Json json) throws IOException {
        OptionalLong id = OptionalLong.empty();
        String tag = "";
        boolean draft = false;
        Optional<Instant> created = Optional.empty();
        Optional<Instant> published = Optional.empty();
        String uploads = "";
        List<Asset> assets = List.of();
        json.open();
        while (json.next()) {
            switch (json.name()) {
                case "id" -> id = json.number();
                case "tag_name" -> tag = json.text();
                case "draft" -> draft = json.flag();
                case "created_at" -> created = json.time();
                case "published_at" -> published = json.time();
                case "upload_url" -> uploads = json.text();
                case "assets" -> assets = json.items(Asset::read);
                default -> json.skip();
            }
        }
        if (id.isEmpty() || (!draft && tag.isEmpty())) {
            throw json.malformed();
        }
        return new GitHubRelease(
                id.getAsLong(), tag, draft, published.isPresent() ? published : created, uploads, assets);
    }

    /** Returns the file of a name that is complete. */
    Optional<Asset> asset(String name) {
        return assets.stream()
                .filter(asset -> asset.uploaded() && asset.name().equals(name))
                .findFirst();
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
}
