package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.release.Digest;
import dewy.registry.oci.Manifests.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A search for the image of one platform among what a tag points to: an index of images, an index of these, or an image. */
final class PlatformSearch {
    private static final int DEEPEST = 3;
    /** How many of the images are looked into whose index does not tell what they are for. */
    private static final int MOST_UNTOLD = 8;

    private static final Set<String> CONFIGURATIONS =
            Set.of("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json");
    /** By which builders mark what they say about an image, so that nobody runs it. */
    private static final String ATTESTATION = "vnd.docker.reference.type";

    private record Entry(Digest digest, Optional<ImagePlatform> platform, boolean isIndex) {
        static Optional<Entry> of(Json descriptor) {
            try {
                Digest digest = Digest.parse(descriptor.get("digest").text().orElse(""));
                boolean isIndex = descriptor
                        .get("mediaType")
                        .text()
                        .filter(type -> ManifestType.of(type) == ManifestType.INDEX)
                        .isPresent();
                return Optional.of(new Entry(digest, ImagePlatform.of(descriptor.get("platform")), isIndex));
            } catch (InvalidException e) {
                return Optional.empty();
            }
        }

        int fitFor(ImagePlatform wanted) {
            return platform.map(wanted::fitOf)
                    .flatMap(fit -> fit.stream().boxed().findFirst())
                    .orElse(-1);
        }
    }

    private final Manifests manifests;
    private final ImagePlatform wanted;
    /** What there is instead, for people. */
    private final Set<String> others = new LinkedHashSet<>();

    PlatformSearch(Manifests manifests, ImagePlatform wanted) {
        this.manifests = manifests;
        this.wanted = wanted;
    }

    /**
     * Returns by which digest the image is pulled.
     *
     * @param reference what points to {@code top}, for people
     * @throws NotFoundException if there is none for the platform
     */
    Digest find(Call call, String reference, Digest top) throws DewyException {
        Optional<Digest> found = find(call, top, 0);
        if (found.isPresent()) {
            return found.get();
        }
        String what = others.isEmpty() ? "nothing" : String.join(", ", others);
        throw new NotFoundException(Problem.of(
                "find",
                "an image for " + wanted,
                reference + " has " + what,
                "Build it for this platform as well, or name another one with platform="));
    }

    private Optional<Digest> find(Call call, Digest digest, int depth) throws DewyException {
        Manifest manifest = manifests.read(call, digest);
        switch (manifest.type()) {
            case INDEX -> {
                if (depth < DEEPEST) {
                    return among(call, entries(manifest), depth + 1);
                }
                others.add("an index within an index more than " + DEEPEST + " times");
            }
            case IMAGE -> {
                return image(call, manifest);
            }
            case SCHEMA_1 -> others.add("an image of schema 1, which engines do not pull any more");
            case OTHER -> others.add("something that is no image");
        }
        return Optional.empty();
    }

    private Optional<Digest> among(Call call, List<Entry> entries, int depth) throws DewyException {
        Optional<Entry> best = Optional.empty();
        for (Entry entry : entries) {
            if (entry.fitFor(wanted) > best.map(known -> known.fitFor(wanted)).orElse(-1)) {
                best = Optional.of(entry);
            }
        }
        if (best.isPresent()) {
            return best.get().isIndex()
                    ? find(call, best.get().digest(), depth)
                    : Optional.of(best.get().digest());
        }
        entries.forEach(entry -> entry.platform().ifPresent(other -> others.add(other.toString())));
        List<Entry> untold = entries.stream()
                .filter(entry -> entry.platform().isEmpty())
                .limit(MOST_UNTOLD)
                .toList();
        for (Entry entry : untold) {
            Optional<Digest> found = find(call, entry.digest(), depth);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<Entry> entries(Manifest index) {
        List<Entry> entries = new ArrayList<>();
        for (Json descriptor : index.json().get("manifests").items()) {
            if (!descriptor.get("annotations").fields().containsKey(ATTESTATION)) {
                Entry.of(descriptor)
                        .filter(entry -> entry.platform()
                                .filter(ImagePlatform::isUnknown)
                                .isEmpty())
                        .ifPresent(entries::add);
            }
        }
        return entries;
    }

    /** Returns an image, if its configuration says that it is for the platform, or says nothing about that. */
    private Optional<Digest> image(Call call, Manifest manifest) throws DewyException {
        Json descriptor = manifest.json().get("config");
        String type = descriptor.get("mediaType").text().orElse("");
        if (!CONFIGURATIONS.contains(type)) {
            others.add("something that is no image: " + type);
            return Optional.empty();
        }
        Digest digest = Digest.parse(descriptor.get("digest").text().orElse(""));
        Optional<ImagePlatform> platform = ImagePlatform.of(manifests.configuration(call, digest));
        if (platform.isEmpty() || wanted.fitOf(platform.get()).isPresent()) {
            return Optional.of(manifest.digest());
        }
        others.add(platform.get().toString());
        return Optional.empty();
    }
}
