package dewy.api.release;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that a release offers, as its registry describes it.
 *
 * @param kind an archive to unpack or an image to run
 * @param name its file name or image reference; the part of the cache key after {@code --}
 * @param location where the registry's own artifact source finds it; meaningful to that source only
 * @param size its length in bytes, where the registry tells it
 * @param digest its digest, where the registry tells it
 */
public record Artifact(Kind kind, String name, String location, OptionalLong size, Optional<Digest> digest) {
    /** What is done with an artifact. */
    public enum Kind {
        /** Unpacked into a release folder. */
        ARCHIVE,
        /** Run by a container engine. */
        IMAGE
    }

    /** Returns an archive of which nothing but its place is known. */
    public static Artifact archive(String name, String location) {
        return new Artifact(Kind.ARCHIVE, name, location, OptionalLong.empty(), Optional.empty());
    }

    /** Returns an image of which nothing but its reference is known. */
    public static Artifact image(String name, String location) {
        return new Artifact(Kind.IMAGE, name, location, OptionalLong.empty(), Optional.empty());
    }

    public Artifact withSize(long bytes) {
        return new Artifact(kind, name, location, OptionalLong.of(bytes), digest);
    }

    public Artifact withDigest(Digest known) {
        return new Artifact(kind, name, location, size, Optional.of(known));
    }
}
