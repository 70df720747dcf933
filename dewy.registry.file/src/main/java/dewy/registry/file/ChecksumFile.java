package dewy.registry.file;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.registry.FileRole;
import dewy.api.release.ChecksumLine;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file with checksums: either the list of a release, or the sidecar of one artifact ({@code <artifact>.sha256}, {@code
 * <artifact>.sha512}), which may be bare hexadecimal.
 */
final class ChecksumFile {
    private static final int LARGEST = 4 << 20;

    private final Path path;
    private final Optional<String> sidecar;

    ChecksumFile(Path path) {
        this.path = path;
        String name = path.getFileName().toString();
        this.sidecar = FileRole.of(name) == FileRole.CHECKSUM_LIST
                ? Optional.empty()
                : Optional.of(name.substring(name.lastIndexOf('.') + 1));
    }

    Path path() {
        return path;
    }

    /**
     * Returns the digests that this file gives for an artifact; a list may have none for it.
     *
     * @throws InvalidException naming the line, if what it says about the artifact cannot be understood
     */
    List<Digest> digests(String artifact) throws InvalidException, StorageException {
        List<Digest> digests = new ArrayList<>();
        int number = 0;
        for (String line : content().lines().toList()) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                parse(text, number, artifact).ifPresent(digests::add);
            }
        }
        if (sidecar.isPresent() && digests.isEmpty()) {
            throw malformed(artifact, path.toString(), "it holds no " + sidecar.get() + " digest");
        }
        return digests;
    }

    private Optional<Digest> parse(String text, int number, String artifact) throws InvalidException {
        String place = path + ", line " + number;
        Optional<ChecksumLine> line = ChecksumLine.parse(text, sidecar.isPresent());
        if (line.isEmpty() && (sidecar.isPresent() || ChecksumLine.mentions(text, artifact))) {
            throw malformed(artifact, place, "it is not a sha256 or sha512 digest and a name");
        }
        if (line.isEmpty() || !line.get().isAbout(artifact)) {
            if (line.isPresent() && sidecar.isPresent()) {
                throw malformed(artifact, place, "it is about " + line.get().name());
            }
            return Optional.empty();
        }
        return line.get().digest().filter(this::isExpected);
    }

    private boolean isExpected(Digest digest) {
        return sidecar.isEmpty() || sidecar.get().equals(digest.algorithm());
    }

    private String content() throws StorageException, InvalidException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                String why = "it is larger than " + (LARGEST >> 20) + " MiB, too large for a list of checksums";
                throw new InvalidException(Problem.of("read the checksums", path, why, "Remove or rename it"));
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (IOException e) {
            String advice = "Let the user that Dewy runs as read it, or remove it";
            throw new StorageException(Problem.of("read the checksums", path, StorageException.reason(e), advice), e);
        }
    }

    private static InvalidException malformed(String artifact, String place, String why) {
        String advice = "Write the line as sha256sum " + artifact + " prints it";
        return new InvalidException(Problem.of("read the checksum of " + artifact + " in", place, why, advice));
    }
}
