package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.registry.FileRole;
import dewy.api.release.Digest;
import dewy.http.ChecksumFile;
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
            Optional<Digest> digest = digest(call, file, artifact);
            if (digest.isPresent()) {
                return digest;
            }
        }
        return Optional.empty();
    }

    private Optional<Digest> digest(Call call, Asset file, String artifact) throws DewyException {
        try {
            return new ChecksumFile(read(call, file), artifact, file.role() == FileRole.CHECKSUM).digest();
        } catch (ChecksumFile.Malformed e) {
            String advice = "Write the line as sha256sum " + artifact + " prints it";
            throw new InvalidException(Problem.of(
                    "read the checksum of " + artifact + " in", file.name(), String.valueOf(e.getMessage()), advice));
        }
    }

    private String read(Call call, Asset file) throws DewyException, ChecksumFile.Malformed {
        try (Response response = api.web().ask(call, api.asset(repository, file.id(), file.name()), 200)) {
            byte[] bytes = response.body().readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new ChecksumFile.Malformed("it is larger than " + (LARGEST >> 20) + " MiB");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            call.check();
            throw new UnreachableException(
                    Problem.of("fetch", file.name() + " of " + repository, String.valueOf(e.getMessage()), ""), e);
        }
    }
}
