package dewy.bucket;

import dewy.api.registry.FileRole;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What there is of a version.
 *
 * @param entries its objects, without audit objects
 */
record VersionFolder(String tag, List<Entry> entries) {
    /** An object, by its name within the version. */
    record Entry(String name, Bucket.Listed object) {
        FileRole role() {
            return FileRole.of(name);
        }
    }

    /** Returns it as it is announced: published when its oldest object was. */
    Release release(Location location) {
        Optional<Instant> oldest =
                entries.stream().map(entry -> entry.object().created()).min(Instant::compareTo);
        List<Artifact> artifacts = entries.stream()
                .filter(entry -> entry.role() == FileRole.ARTIFACT)
                .map(entry -> Artifact.archive(entry.name(), location.show(location.key(tag, entry.name())))
                        .withSize(entry.object().size()))
                .toList();
        return new Release(tag, oldest, artifacts);
    }

    Optional<Entry> find(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /** Returns the objects that may hold the digest of an artifact; the one that belongs to it alone comes first. */
    List<Entry> checksumsOf(String artifact) {
        return entries.stream()
                .filter(entry -> FileRole.isChecksumOf(artifact, entry.name()))
                .sorted(Comparator.comparing(Entry::role))
                .toList();
    }

    /** Returns what stays the same as long as nothing that counts was changed. */
    String fingerprint() {
        MessageDigest sum = Digest.calculation("sha256");
        for (Entry entry : entries) {
            if (entry.role() != FileRole.OTHER) {
                String line = entry.name() + "\0" + entry.object().size() + "\0"
                        + entry.object().version() + "\0";
                sum.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return Digest.of(sum).hex().substring(0, 32);
    }
}
