package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.registry.ChecksumFile;
import dewy.api.release.Digest;
import dewy.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The digests that the publisher of a release put beside its artifacts, for when GitHub has calculated none: {@code
 * <artifact>.sha256}, {@code <artifact>.sha512}, or a line in {@code checksums.txt}.
 */
record Checksums(Api api, Repository repository) {
    private static final int LARGEST = 1 << 20;

    /**
     * Looks for the digest of an artifact. The file that belongs to it alone comes first.
     *
     * @throws InvalidException naming the file, if what it says about the artifact cannot be understood
     */
    Optional<Digest> find(Call call, GitHubRelease release, String artifact) throws DewyException {
        List<Asset> files = release.assets().stream()
                .filter(file -> file.isChecksumOf(artifact))
                .sorted(Comparator.comparing(Asset::role))
                .toList();
        for (Asset file : files) {
            ChecksumFile checksums = new ChecksumFile(artifact, file.name(), file.name(), read(call, file));
            Optional<Digest> digest = ChecksumFile.digest(List.of(checksums));
            if (digest.isPresent()) {
                return digest;
            }
        }
        return Optional.empty();
    }

    private String read(Call call, Asset file) throws DewyException {
        try (Response response = api.web().ask(call, api.asset(repository, file.id(), file.name()), 200)) {
            byte[] bytes = response.body().readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new InvalidException(Problem.of(
                        "read the checksums",
                        file.name() + " of " + repository,
                        "it is larger than " + (LARGEST >> 20) + " MiB",
                        "Remove or rename it"));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            call.check();
            throw new UnreachableException(
                    Problem.of("fetch", file.name() + " of " + repository, String.valueOf(e.getMessage()), ""), e);
        }
    }
}
