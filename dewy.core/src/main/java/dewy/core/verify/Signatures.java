package dewy.core.verify;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The signatures of an artifact, of which one must be by a trusted key, if there are such.
 *
 * @param files what lies beside the artifact
 * @param deliverable whose artifact it is
 */
public record Signatures(TrustedKeys trusted, List<SignatureFile> files, Deliverable deliverable) {
    /**
     * Requires that one of the keys has signed what was fetched.
     *
     * @return the key; empty without keys
     * @throws CorruptException if none has
     */
    public Optional<String> require(Call call, Path file) throws DewyException {
        if (trusted.keys().isEmpty()) {
            return Optional.empty();
        }
        SignedFile artifact = new SignedFile(deliverable.artifact().name(), file);
        Set<String> faults = new LinkedHashSet<>();
        for (SignatureFile signature : files) {
            for (TrustedKey key : trusted.keys()) {
                if (key.endings().contains(signature.ending())) {
                    Optional<String> fault = fault(call, key, signature, artifact);
                    if (fault.isEmpty()) {
                        return Optional.of(key.name());
                    }
                    faults.add(signature.name() + ": " + fault.get());
                }
            }
        }
        throw new CorruptException(Problem.of(
                "verify",
                artifact.name() + " of " + deliverable.release().tag(),
                "it is not signed by " + trusted + "; " + String.join("; ", faults),
                "Find out who made it. If it is good, sign it anew, or trust its key with --verify; then retry"));
    }

    /** Returns why a signature is none of an artifact by a key; empty if it is one. */
    private static Optional<String> fault(Call call, TrustedKey key, SignatureFile signature, SignedFile artifact)
            throws DewyException {
        if (signature.content().isEmpty()) {
            return Optional.of("it is larger than " + SignatureFile.LARGEST + " bytes, and so none");
        }
        try {
            key.require(call, signature.content().get(), artifact);
            return Optional.empty();
        } catch (TrustedKey.NotSignedException e) {
            return Optional.of(e.why());
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("verify", artifact.path(), StorageException.reason(e), "Check the disk"), e);
        }
    }
}
