package dewy.registry.s3;

import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What there is of a version.
 *
 * @param entries its objects, without audit objects
 */
record VersionFolder(String tag, List<Entry> entries) {
    /**
     * An object.
     *
     * @param hasSha256 whether S3 knows the SHA-256 of the whole of it
     */
    record Entry(String name, long size, String etag, Instant modified, boolean hasSha256) {
        static Entry of(String name, S3Object object) {
            boolean whole = object.checksumType() != ChecksumType.COMPOSITE;
            return new Entry(
                    name,
                    object.size(),
                    String.valueOf(object.eTag()),
                    object.lastModified(),
                    whole && object.checksumAlgorithm().contains(ChecksumAlgorithm.SHA256));
        }

        Names.Role role() {
            return Names.role(name);
        }
    }

    /** Returns it as it is announced: published when its oldest object was. */
    Release release(Location location) {
        Optional<Instant> oldest = entries.stream().map(Entry::modified).min(Instant::compareTo);
        List<Artifact> artifacts = entries.stream()
                .filter(entry -> entry.role() == Names.Role.ARTIFACT)
                .map(entry -> Artifact.archive(entry.name(), location.show(location.key(tag, entry.name())))
                        .withSize(entry.size()))
                .toList();
        return new Release(tag, oldest, artifacts);
    }

    Optional<Entry> find(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /** Returns the objects that may hold the digest of an artifact; the one that belongs to it alone comes first. */
    List<Entry> checksumsOf(String artifact) {
        List<Entry> files = new ArrayList<>();
        entries.stream()
                .filter(entry -> Names.isSidecarOf(entry.name(), artifact))
                .forEach(files::add);
        entries.stream().filter(entry -> Names.isList(entry.name())).forEach(files::add);
        return files;
    }

    /** Returns what stays the same as long as nothing that counts was changed. */
    String fingerprint() {
        MessageDigest sum = Digest.calculation("sha256");
        for (Entry entry : entries) {
            if (entry.role() != Names.Role.OTHER) {
                String line = entry.name() + "\0" + entry.size() + "\0" + entry.etag() + "\0";
                sum.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return Digest.of(sum).hex().substring(0, 32);
    }
}
