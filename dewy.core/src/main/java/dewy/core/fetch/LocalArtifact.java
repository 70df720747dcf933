package dewy.core.fetch;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.core.verify.Signatures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * An artifact as a file of this host, complete and verified.
 *
 * @param file the file
 * @param digest its digest
 * @param held whether the cache had it already
 * @param signer by which key it is signed, where that was verified
 * @param temporary whether it is a copy that is deleted when closed
 */
public record LocalArtifact(Path file, Digest digest, boolean held, Optional<String> signer, boolean temporary)
        implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    /** Returns the same as what a cache had already. */
    LocalArtifact asHeld() {
        return new LocalArtifact(file, digest, true, signer, temporary);
    }

    /** Returns the same as what is signed by a key. */
    LocalArtifact signedBy(Optional<String> key) {
        return new LocalArtifact(file, digest, held, key, temporary);
    }

    /**
     * Returns the same if it is what the registry declares and a trusted key has signed; what is not is closed.
     *
     * @return empty if it has another digest than is declared
     * @throws dewy.api.CorruptException if no trusted key has signed it
     */
    Optional<LocalArtifact> verified(Call call, Artifact artifact, Signatures signatures) throws DewyException {
        boolean isGood = false;
        try {
            if (!isAsDeclared(call, artifact)) {
                return Optional.empty();
            }
            LocalArtifact good = signedBy(signatures.require(call, file));
            isGood = true;
            return Optional.of(good);
        } finally {
            if (!isGood) {
                close();
            }
        }
    }

    /** Returns whether it has the digest that the registry declares, or where it declares none, the length. */
    private boolean isAsDeclared(Call call, Artifact artifact) throws DewyException {
        if (artifact.digest().isEmpty()) {
            return artifact.size().isEmpty() || artifact.size().getAsLong() == size();
        }
        Digest declared = artifact.digest().get();
        call.check();
        return declared.equals(
                declared.algorithm().equals(digest.algorithm()) ? digest : digest(file, declared.algorithm()));
    }

    private long size() throws StorageException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new StorageException(Problem.of("read", file, StorageException.reason(e), ""), e);
        }
    }

    /** Returns the digest of a file. */
    static Digest digest(Path file, String algorithm) throws StorageException {
        MessageDigest calculation = Digest.calculation(algorithm);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                calculation.update(buffer, 0, n);
            }
            return Digest.of(calculation);
        } catch (IOException e) {
            throw new StorageException(Problem.of("read", file, StorageException.reason(e), ""), e);
        }
    }

    @Override
    public void close() {
        if (temporary) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // It lies in the state folder's tmp, which is emptied at the next start.
            }
        }
    }
}
