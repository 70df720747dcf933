package dewy.cache.file;

import dewy.api.cache.Blob;
import dewy.cache.file.Verified.Stamp;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How blobs lie in a folder: {@code <name>} holds the content and {@code <name>.digest} says what it must be; the time of
 * the latter is that of the last use. A blob counts only where both are there and agree. The digest file comes first and
 * goes last, so that content of ours is never without one, and nothing else in the folder is ever touched.
 *
 * <p>What changes the folder is called while its lock is held.
 */
final class CacheFolder {
    /** A blob that is whole, as far as its size tells, and what its file looked like. */
    record Held(Blob blob, Path file, Stamp stamp, Instant lastUse) {}

    private final Path path;

    CacheFolder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Returns the blob of a key, if it is held and has the right size. */
    Optional<Held> look(String key) throws IOException {
        Path digestFile = digestFile(key);
        Optional<Blob> blob = SmallFile.read(digestFile, DigestFile.LARGEST).flatMap(DigestFile::parse);
        if (blob.isEmpty() || !blob.get().key().equals(key)) {
            return Optional.empty();
        }
        try {
            Path file = file(key);
            BasicFileAttributes content =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Instant lastUse = Files.getLastModifiedTime(digestFile).toInstant();
            boolean whole =
                    content.isRegularFile() && content.size() == blob.get().size();
            return whole ? Optional.of(new Held(blob.get(), file, Stamp.of(content), lastUse)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns whether there is anything of a key, be it whole or not. */
    boolean hasTraces(String key) {
        return Files.exists(digestFile(key), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns all blobs that are held, least recently used first. */
    List<Held> held() throws IOException {
        List<Held> held = new ArrayList<>();
        for (String key : keys()) {
            look(key).ifPresent(held::add);
        }
        held.sort(Comparator.comparing(Held::lastUse).thenComparing(Held::file));
        return held;
    }

    /** Puts a blob there, in place of one with the same key. */
    Held install(Blob blob, TempFile content, Instant now) throws IOException {
        String name = BlobName.of(blob.key());
        try {
            SmallFile.write(path, name + DigestFile.SUFFIX, DigestFile.text(blob, name));
            content.makeReadOnly();
            content.moveTo(file(blob.key()));
            TempFile.forceNames(path);
            touch(blob.key(), now);
            return new Held(blob, file(blob.key()), Stamp.of(file(blob.key())), now);
        } catch (IOException e) {
            remove(blob.key());
            throw e;
        }
    }

    void remove(String key) throws IOException {
        Files.deleteIfExists(file(key));
        Files.deleteIfExists(digestFile(key));
    }

    /** Notes a use; needs no lock. */
    void touch(String key, Instant now) {
        try {
            Files.setLastModifiedTime(digestFile(key), FileTime.from(now));
        } catch (IOException e) {
            // The blob is gone, or the folder is read-only: at most the order of eviction suffers.
        }
    }

    /** Removes what crashed processes have left behind. */
    void sweep() throws IOException {
        TempFile.removeLeftovers(path);
        for (String key : keys()) {
            if (look(key).isEmpty()) {
                remove(key);
            }
        }
    }

    private Path file(String key) {
        return path.resolve(BlobName.of(key));
    }

    private Path digestFile(String key) {
        return path.resolve(BlobName.of(key) + DigestFile.SUFFIX);
    }

    /** Returns the keys of all digest files; what somebody else keeps in the folder has none. */
    private List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + DigestFile.SUFFIX)) {
            for (Path file : files) {
                SmallFile.read(file, DigestFile.LARGEST)
                        .flatMap(DigestFile::parse)
                        .map(Blob::key)
                        .filter(key -> file.equals(digestFile(key)))
                        .ifPresent(keys::add);
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return keys;
    }
}
