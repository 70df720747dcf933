package dewy.registry.github;

import dewy.api.InvalidException;
import dewy.api.registry.FileRole;
import dewy.api.release.Digest;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file of a release. What it is for, its name tells.
 *
 * @param id by which the API knows it; a file that replaces another has another id
 * @param name its name, unique in its release
 * @param size its length in bytes
 * @param digest what GitHub calculated when it was uploaded; GitHub Enterprise may lack it
 * @param uploaded whether it is complete
 */
record Asset(long id, String name, OptionalLong size, Optional<Digest> digest, boolean uploaded) {
    static Asset read(Json json) throws IOException {
        OptionalLong id = OptionalLong.empty();
        String name = "";
        OptionalLong size = OptionalLong.empty();
        String digest = "";
        String state = "";
        json.open();
        while (json.next()) {
            switch (json.name()) {
                case "id" -> id = json.number();
                case "name" -> name = json.text();
                case "size" -> size = json.number();
                case "digest" -> digest = json.text();
                case "state" -> state = json.text();
                default -> json.skip();
            }
        }
        if (id.isEmpty() || name.isEmpty()) {
            throw json.malformed();
        }
        return new Asset(id.getAsLong(), name, size, digest(digest), state.isEmpty() || state.equals("uploaded"));
    }

    /** Returns whether it is there to be deployed, or the signature of such a file. */
    boolean isArtifact() {
        return uploaded && role() == FileRole.ARTIFACT;
    }

    /** Returns whether it may hold the digest of an artifact. */
    boolean isChecksumOf(String artifact) {
        return uploaded && FileRole.isChecksumOf(artifact, name);
    }

    /** Returns whether its content has a say in what is deployed. */
    boolean matters() {
        return uploaded && role() != FileRole.OTHER;
    }

    FileRole role() {
        return FileRole.of(name);
    }

    /** Returns a digest that can be checked; without one, the checksums that the publisher left are looked for. */
    private static Optional<Digest> digest(String text) {
        try {
            return Optional.of(Digest.parse(text));
        } catch (InvalidException e) {
            return Optional.empty();
        }
    }
}
