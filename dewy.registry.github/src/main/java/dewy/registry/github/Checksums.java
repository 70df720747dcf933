package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The digests that the publisher of a release put beside its artifacts, for when GitHub has calculated none: {@code
 * <artifact>.sha256}, {@code <artifact>.sha512}, or a line in {@code checksums.txt}.
 */
final class Checksums {
    private static final int LARGEST = 1 << 20;

    private final Assets assets;

    Checksums(Assets assets) {
        this.assets = assets;
    }

    /**
     * Looks for the digest of an artifact. The file that belongs to it alone comes first.
     *
     * @throws InvalidException naming the file, if what it says about the artifact cannot be understood
     */
    Optional<Digest> find(Call call, GitHubRelease release, String artifact) throws DewyException {
        List<Asset> files = release.assets().stream()
                .filter(Asset::isChecksums)
                .filter(file -> AssetNames.isSidecarOf(file.name(), artifact) || AssetNames.isList(file.name()))
                .sorted(Comparator.comparing(file -> AssetNames.isList(file.name())))
                .toList();
        for (Asset file : files) {
            Optional<Digest> digest = read(call, file, artifact);
            if (digest.isPresent()) {
                return digest;
            }
        }
        return Optional.empty();
    }

    private Optional<Digest> read(Call call, Asset file, String artifact) throws DewyException {
        byte[] bytes = assets.read(call, file, LARGEST)
                .orElseThrow(() -> malformed(file, artifact, "it is larger than " + (LARGEST >> 20) + " MiB"));
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean sidecar = !AssetNames.isList(file.name());
        for (String line : text.lines().map(String::strip).toList()) {
            Optional<Digest> digest =
                    line.isEmpty() || line.startsWith("#") ? Optional.empty() : parse(line, file, artifact, sidecar);
            if (digest.isPresent()) {
                return digest;
            }
        }
        if (sidecar) {
            throw malformed(file, artifact, "it holds no digest of it");
        }
        return Optional.empty();
    }

    private static Optional<Digest> parse(String text, Asset file, String artifact, boolean sidecar)
            throws InvalidException {
        Optional<ChecksumLine> line = ChecksumLine.parse(text, sidecar);
        if (line.isEmpty() && (sidecar || ChecksumLine.mentions(text, artifact))) {
            throw malformed(file, artifact, "its line is not a sha256 or sha512 digest and a name");
        }
        return line.filter(known -> known.isAbout(artifact)).flatMap(ChecksumLine::digest);
    }

    private static InvalidException malformed(Asset file, String artifact, String why) {
        String advice = "Write the line as sha256sum " + artifact + " prints it";
        return new InvalidException(Problem.of("read the checksum of " + artifact + " in", file.name(), why, advice));
    }
}
