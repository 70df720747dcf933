package dewy.registry.github;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.InvalidException;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads releases as GitHub's API describes them, see "REST API endpoints for releases"; unknown fields are passed over. */
final class ReleaseReader {
    private ReleaseReader() {}

    static List<GitHubRelease> list(InputStream in) throws IOException {
        List<GitHubRelease> releases = new ArrayList<>();
        try (JsonParser json = Json.parser(in)) {
            Json.require(json.nextToken(), JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                releases.add(release(json));
            }
        }
        return releases;
    }

    static GitHubRelease one(InputStream in) throws IOException {
        try (JsonParser json = Json.parser(in)) {
            json.nextToken();
            return release(json);
        }
    }

    private static GitHubRelease release(JsonParser json) throws IOException {
        Json.require(json.currentToken(), JsonToken.START_OBJECT);
        long id = -1;
        String tag = "";
        boolean draft = false;
        Optional<Instant> created = Optional.empty();
        Optional<Instant> published = Optional.empty();
        String uploads = "";
        List<Asset> assets = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id = Json.number(json);
                case "tag_name" -> tag = Json.text(json);
                case "draft" -> draft = Json.flag(json);
                case "created_at" -> created = time(Json.text(json));
                case "published_at" -> published = time(Json.text(json));
                case "upload_url" -> uploads = Json.text(json);
                case "assets" -> assets = assets(json);
                default -> json.skipChildren();
            }
        }
        if (id < 0 || (tag.isEmpty() && !draft)) {
            throw new IOException("it holds a release without id or tag");
        }
        return new GitHubRelease(id, tag, draft, published.isPresent() ? published : created, uploads, assets);
    }

    private static List<Asset> assets(JsonParser json) throws IOException {
        List<Asset> assets = new ArrayList<>();
        Json.require(json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            assets.add(asset(json));
        }
        return assets;
    }

    private static Asset asset(JsonParser json) throws IOException {
        Json.require(json.currentToken(), JsonToken.START_OBJECT);
        long id = -1;
        String file = "";
        long size = -1;
        Optional<Digest> digest = Optional.empty();
        boolean uploaded = true;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id = Json.number(json);
                case "name" -> file = Json.text(json);
                case "size" -> size = Json.number(json);
                case "digest" -> digest = digest(Json.text(json));
                case "state" -> uploaded = "uploaded".equals(Json.text(json));
                default -> json.skipChildren();
            }
        }
        if (id < 0 || file.isEmpty()) {
            throw new IOException("it holds an asset without id or name");
        }
        return new Asset(id, file, size < 0 ? OptionalLong.empty() : OptionalLong.of(size), digest, uploaded);
    }

    private static Optional<Instant> time(String text) throws IOException {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new IOException("it holds a time that is none: " + text, e);
        }
    }

    /** Returns a digest that can be checked; without one, the checksums that the publisher left are looked for. */
    private static Optional<Digest> digest(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(text));
        } catch (InvalidException e) {
            return Optional.empty();
        }
    }
}
