package dewy.core.fetch;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** A file for as long as it takes to unpack it. It is deleted when closed, unless it is to be kept. For one thread. */
final class TemporaryFile implements BlobWriter {
    private final Path path;
    private final String key;
    private final Runnable whenWritten;
    private final MessageDigest calculation = Digest.calculation("sha256");
    private OutputStream out;
    private long size;
    private boolean kept;

    private TemporaryFile(Path path, String key, Runnable whenWritten) throws IOException {
        this.path = path;
        this.key = key;
        this.whenWritten = whenWritten;
        this.out = Files.newOutputStream(path);
    }

    /**
     * Creates one.
     *
     * @param whenWritten is run now and then
     */
    static TemporaryFile in(Path folder, Deliverable deliverable, Runnable whenWritten) throws StorageException {
        String key = deliverable.cacheKey();
        try {
            Files.createDirectories(folder);
            return new TemporaryFile(Files.createTempFile(folder, "artifact-", ".part"), key, whenWritten);
        } catch (IOException e) {
            throw failure(key, folder, e);
        }
    }

    Path path() {
        return path;
    }

    /** Returns it as an artifact, by which it is deleted from now on. */
    LocalArtifact keep(Blob blob) throws StorageException {
        finish();
        kept = true;
        return new LocalArtifact(path, blob.digest(), false, Optional.empty(), true);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws StorageException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw failure(key, path, e);
        }
        calculation.update(bytes, offset, length);
        size += length;
        whenWritten.run();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest digest(String algorithm) throws DewyException {
        if (algorithm.equals("sha256")) {
            return Digest.of(copy(calculation));
        }
        return LocalArtifact.digest(path, algorithm);
    }

    private static MessageDigest copy(MessageDigest calculation) {
        try {
            return (MessageDigest) calculation.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e); // Java's own can be copied.
        }
    }

    @Override
    public void reset() throws StorageException {
        finish();
        try {
            out = Files.newOutputStream(path);
        } catch (IOException e) {
            throw failure(key, path, e);
        }
        calculation.reset();
        size = 0;
    }

    @Override
    public Blob commit() throws DewyException {
        finish();
        return new Blob(key, size, digest("sha256"));
    }

    private void finish() throws StorageException {
        try {
            out.close();
        } catch (IOException e) {
            throw failure(key, path, e);
        }
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        try {
            out.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It lies in the state folder's tmp, which is emptied at the next start.
        }
    }

    private static StorageException failure(String key, Path where, IOException e) {
        return new StorageException(
                Problem.of(
                        "keep the artifact", key, StorageException.reason(e), "Check free space and owner of " + where),
                e);
    }
}
