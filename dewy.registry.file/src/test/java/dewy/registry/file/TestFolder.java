package dewy.registry.file;

import dewy.api.CancellableCall;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A registry folder on disk, with a clock that stands still until it is moved. */
final class TestFolder implements InstantSource {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration SETTLE = Duration.ofMillis(500);

    final Path root;
    volatile Instant now = NOON;

    TestFolder(Path root) {
        this.root = root;
    }

    @Override
    public Instant instant() {
        return now;
    }

    FileRegistry registry() {
        RegistryFolder folder = new RegistryFolder(root, SETTLE);
        return new FileRegistry(folder, this, new FolderWatch(folder, new SystemWatch()));
    }

    FileArtifactSource source() {
        return new FileArtifactSource(new RegistryFolder(root, SETTLE), Optional.empty(), this);
    }

    /** Puts a file there, complete since an hour. */
    Path put(String name, String content) throws IOException {
        return put(name, content, NOON.minusSeconds(3_600));
    }

    Path put(String name, String content, Instant modified) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return touch(file, modified);
    }

    static Path touch(Path file, Instant modified) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    static Release release(String tag, String artifact) {
        return new Release(tag, Optional.empty(), List.of(artifact(tag, artifact)));
    }

    static Artifact artifact(String tag, String artifact) {
        return Artifact.archive(artifact, tag + "/" + artifact);
    }

    static Deliverable deliverable(String tag, String artifact) {
        return new Deliverable(release(tag, artifact), artifact(tag, artifact));
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(30));
    }

    static String sha256(String content) {
        return hex("SHA-256", content);
    }

    static String sha512(String content) {
        return hex("SHA-512", content);
    }

    private static String hex(String algorithm, String content) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
