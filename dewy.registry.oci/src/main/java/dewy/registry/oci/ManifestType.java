package dewy.registry.oci;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a manifest is, by its media type: those of the OCI image specification, and of Docker's image manifest version 2. */
enum ManifestType {
    /** A list of manifests, of which each is for a platform. */
    INDEX,
    /** One image. */
    IMAGE,
    /** An image in the form before version 2, without a configuration, which engines do not pull any more. */
    SCHEMA_1,
    OTHER;

    /** The header by which the first two are asked for, so that none is converted into something else. */
    static final Map<String, String> ACCEPTED = Map.of(
            "Accept",
            "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
                    + "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json");

    /** Returns the type that a manifest has, by what it says itself, else by what came with it, else by what it holds. */
    static ManifestType of(Json manifest, Optional<String> contentType) {
        if (manifest.get("schemaVersion").number().orElse(2) == 1) {
            return SCHEMA_1;
        }
        ManifestType said = manifest.get("mediaType")
                .text()
                .or(() -> contentType)
                .map(ManifestType::of)
                .orElse(OTHER);
        if (said != OTHER) {
            return said;
        }
        boolean hasConfig = manifest.fields().containsKey("config");
        return manifest.fields().containsKey("manifests") ? INDEX : hasConfig ? IMAGE : OTHER;
    }

    /** Returns the type that a media type names, whatever its parameters. */
    static ManifestType of(String mediaType) {
        return switch (mediaType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT)) {
            case "application/vnd.oci.image.index.v1+json",
                    "application/vnd.docker.distribution.manifest.list.v2+json" -> INDEX;
            case "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json" ->
                IMAGE;
            case "application/vnd.docker.distribution.manifest.v1+json",
                    "application/vnd.docker.distribution.manifest.v1+prettyjws" -> SCHEMA_1;
            default -> OTHER;
        };
    }
}
