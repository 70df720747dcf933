package dewy.cache.file;

import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which files were found to have which digest in this process, so that none is read twice. Safe for use by several threads. */
final class Verified {
    /**
     * By what a file is recognised as the one whose content was checked before.
     *
     * @param size its length in bytes
     * @param modified when its content was written last
     * @param identity which file it is: device and inode, where the system has them
     */
    record Stamp(long size, Instant modified, String identity) {
        static Stamp of(Path file) throws IOException {
            return of(Files.readAttributes(file, BasicFileAttributes.class));
        }

        static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(
                    attributes.size(), attributes.lastModifiedTime().toInstant(), String.valueOf(attributes.fileKey()));
        }
    }

    private record Finding(Stamp stamp, Digest digest) {}

    private final Map<Path, Finding> findings = new ConcurrentHashMap<>();

    void remember(Path file, Stamp stamp, Digest digest) {
        findings.keySet().removeIf(other -> !Files.exists(other));
        findings.put(file, new Finding(stamp, digest));
    }

    boolean knows(Path file, Stamp stamp, Digest digest) {
        return new Finding(stamp, digest).equals(findings.get(file));
    }
}
