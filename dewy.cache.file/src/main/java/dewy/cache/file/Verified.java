package dewy.cache.file;

import dewy.api.release.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which files were found to have which digest in this process, so that none is read twice. Safe for use by several threads. */
final class Verified {
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
