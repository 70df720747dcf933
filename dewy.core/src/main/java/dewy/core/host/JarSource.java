package dewy.core.host;

import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Digest;
import dewy.core.operation.Ongoing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** Gets the jar of a plugin from a file, or by HTTPS, and verifies its digest. Safe for use by several threads. */
final class JarSource {
    private final PluginFolder folder;
    private final JarDownload download;

    JarSource(PluginFolder folder, JarDownload download) {
        this.folder = folder;
        this.download = download;
    }

    /**
     * Returns a copy of the jar that is the caller's.
     *
     * @param source a path, or a URL
     * @param digest what it must have; needed for a URL
     * @param operation as part of which it is got
     */
    Path get(String source, Optional<Digest> digest, Ongoing<?> operation) throws DewyException {
        boolean isUrl = source.regionMatches(true, 0, "https:", 0, 6) || source.regionMatches(true, 0, "http:", 0, 5);
        if (isUrl && digest.isEmpty()) {
            throw new InvalidException(Problem.of(
                    "install",
                    source,
                    "a jar from elsewhere must have a known digest",
                    "Give it with --digest sha256:…"));
        }
        Path copy = isUrl ? download.get(source, operation) : copy(source);
        try {
            if (digest.isPresent()) {
                verify(source, copy, digest.get());
            }
            return copy;
        } catch (DewyException e) {
            folder.delete(copy);
            throw e;
        }
    }

    private Path copy(String source) throws DewyException {
        Path file = Path.of(source);
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException(
                    Problem.of("install", source, "there is no such file", "Give the whole path, or an https URL"));
        }
        return folder.copy(file);
    }

    private static void verify(String source, Path copy, Digest expected) throws DewyException {
        MessageDigest calculation = Digest.calculation(expected.algorithm());
        try (InputStream in = Files.newInputStream(copy)) {
            byte[] buffer = new byte[64 << 10];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                calculation.update(buffer, 0, length);
            }
        } catch (IOException e) {
            throw storage(copy, e);
        }
        Digest actual = Digest.of(calculation);
        if (!actual.equals(expected)) {
            throw new CorruptException(Problem.of(
                    "install",
                    source,
                    "its digest is " + actual + " instead of " + expected,
                    "Get it anew, or ask who made it"));
        }
    }

    private static StorageException storage(Path copy, IOException e) {
        return new StorageException(
                Problem.of("read", copy, e.getClass().getSimpleName() + ": " + e.getMessage(), "Check the disk"), e);
    }
}
