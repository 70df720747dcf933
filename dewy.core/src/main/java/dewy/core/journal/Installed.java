package dewy.core.journal;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is installed on this host: a complete release folder, or an image that was pulled.
 *
 * @param tag the version
 * @param artifact the name of the artifact
 * @param told what the registry told of the artifact
 * @param digest the digest of the artifact as it was fetched
 * @param place where it is
 * @param signer by which key it is signed, where that was verified
 */
public record Installed(
        String tag, String artifact, Publication told, Digest digest, Place place, Optional<String> signer) {
    /** Where something installed is on this host. */
    public sealed interface Place {
        /** Returns whether nobody needs to ask for it: it is not there any more. */
        boolean isGone();

        /** A release folder. */
        record Folder(Path path) implements Place {
            @Override
            public boolean isGone() {
                return !Files.isDirectory(path);
            }

            @Override
            public String toString() {
                return path.toString();
            }
        }

        /**
         * An image, of which only its store can tell whether it is there: what the agent removed itself, it forgets.
         *
         * @param reference {@code repository@sha256:…}
         */
        record Image(String reference) implements Place {
            @Override
            public boolean isGone() {
                return false;
            }

            @Override
            public String toString() {
                return reference;
            }
        }
    }

    /** Returns an archive that was unpacked. */
    public static Installed unpacked(Deliverable deliverable, Digest digest, Path folder, Optional<String> signer) {
        return of(deliverable, digest, new Place.Folder(folder), signer);
    }

    /** Returns an image that was pulled. */
    public static Installed pulled(Deliverable deliverable, Digest digest, String image) {
        return of(deliverable, digest, new Place.Image(image), Optional.empty());
    }

    private static Installed of(Deliverable deliverable, Digest digest, Place place, Optional<String> signer) {
        Artifact artifact = deliverable.artifact();
        return new Installed(
                deliverable.release().tag(), artifact.name(), Publication.of(deliverable), digest, place, signer);
    }

    /** Returns whether this is what the registry offers: the same version, artifact and, where declared, digest. */
    public boolean is(Deliverable deliverable) {
        return isNamedAs(deliverable)
                && deliverable.artifact().digest().map(this::has).orElse(true);
    }

    boolean isNamedAs(Deliverable deliverable) {
        return tag.equals(deliverable.release().tag())
                && artifact.equals(deliverable.artifact().name());
    }

    /** Returns whether the registry has another content by now, as far as it tells. */
    boolean isReplacedBy(Deliverable offered) {
        return Publication.of(deliverable()).isReplacedBy(Publication.of(offered));
    }

    private boolean has(Digest offered) {
        if (offered.algorithm().equals(digest.algorithm())) {
            return offered.equals(digest);
        }
        return told.digest().map(offered::equals).orElse(true);
    }

    /** Returns the release folder of an archive. */
    public Optional<Path> folder() {
        return place instanceof Place.Folder folder ? Optional.of(folder.path()) : Optional.empty();
    }

    /** Returns what an image is run by. */
    public Optional<String> image() {
        return place instanceof Place.Image image ? Optional.of(image.reference()) : Optional.empty();
    }

    /** Returns it as a deliverable again, with the digest that it has, by which the runtime finds an image. */
    public Deliverable deliverable() {
        Artifact described = image().map(reference -> Artifact.image(artifact, repository(reference)))
                .orElseGet(() -> Artifact.archive(artifact, ""))
                .withDigest(digest);
        Artifact known =
                told.size().isPresent() ? described.withSize(told.size().getAsLong()) : described;
        return new Deliverable(new Release(tag, told.time(), List.of(known)), known);
    }

    private static String repository(String reference) {
        return reference.substring(0, reference.indexOf('@'));
    }

    /** Returns what tells it from all else that is installed: the same image may be that of several versions. */
    String key() {
        return folder().map(Path::toString).orElseGet(() -> tag + " " + artifact + " " + place);
    }
}
