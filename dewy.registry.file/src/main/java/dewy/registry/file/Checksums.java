package dewy.registry.file;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the checksum files of a release say about one artifact, all together. */
final class Checksums {
    private record Claim(Digest digest, ChecksumFile by) {}

    private Checksums() {}

    /**
     * Returns the digest of an artifact: SHA-256 where there is one, because that is what is calculated anyway.
     *
     * @throws InvalidException if a file cannot be understood, or two statements contradict each other
     */
    static Optional<Digest> of(String artifact, List<ChecksumFile> files) throws InvalidException, StorageException {
        Map<String, Claim> claims = new HashMap<>();
        for (ChecksumFile file : files) {
            for (Digest digest : file.digests(artifact)) {
                Claim earlier = claims.putIfAbsent(digest.algorithm(), new Claim(digest, file));
                if (earlier != null && !earlier.digest().equals(digest)) {
                    throw contradiction(artifact, earlier, new Claim(digest, file));
                }
            }
        }
        return Optional.ofNullable(claims.getOrDefault("sha256", claims.get("sha512")))
                .map(Claim::digest);
    }

    private static InvalidException contradiction(String artifact, Claim one, Claim other) {
        String why = one.by().path() + " says " + one.digest() + ", and "
                + other.by().path() + " says " + other.digest();
        String advice = "Publish the release again, and remove the checksums that are out of date";
        return new InvalidException(Problem.of("tell the digest of", artifact, why, advice));
    }
}
