package dewy.api.registry;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.release.ChecksumLine;
import dewy.api.release.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file with checksums, {@linkplain ChecksumLine a line} each, and what it says about one artifact. Where it belongs to that
 * artifact alone, it may be bare hexadecimal, and has to say something. Immutable.
 *
 * @param artifact which artifact it is about
 * @param name its name, which tells its {@linkplain FileRole role}
 * @param place where it is, for people
 * @param text what it holds
 */
public record ChecksumFile(String artifact, String name, String place, String text) {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    public ChecksumFile {
        text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private record Claim(Digest digest, String place) {}

    /**
     * Returns what files say together: SHA-256 where there is one, because that is what is calculated anyway.
     *
     * @return empty if they are lists that say nothing about the artifact
     * @throws InvalidException naming file and line, if what is said about it cannot be understood, or is contradicted
     */
    public static Optional<Digest> digest(List<ChecksumFile> files) throws InvalidException {
        Map<String, Claim> claims = new HashMap<>();
        for (ChecksumFile file : files) {
            for (Digest digest : file.digests()) {
                Claim claim = new Claim(digest, file.place());
                Claim earlier = claims.putIfAbsent(digest.algorithm(), claim);
                if (earlier != null && !earlier.digest().equals(digest)) {
                    throw file.contradiction(earlier, claim);
                }
            }
        }
        return Optional.ofNullable(claims.getOrDefault("sha256", claims.get("sha512")))
                .map(Claim::digest);
    }

    private List<Digest> digests() throws InvalidException {
        List<Digest> digests = new ArrayList<>();
        Optional<InvalidException> other = Optional.empty();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isEmpty() || lines.get(i).startsWith("#")) {
                continue;
            }
            String where = place + ", line " + (i + 1);
            Optional<ChecksumLine> line = line(lines.get(i), where);
            if (line.isPresent() && line.get().isAbout(artifact)) {
                line.get().digest().filter(this::isExpected).ifPresent(digests::add);
            } else if (line.isPresent()) {
                other = Optional.of(malformed(where, "it is about " + line.get().name()));
            }
        }
        if (!isList() && digests.isEmpty()) {
            throw other.orElseGet(() -> malformed(place, "it holds no " + ending() + " digest"));
        }
        return digests;
    }

    private Optional<ChecksumLine> line(String content, String where) throws InvalidException {
        Optional<ChecksumLine> line = ChecksumLine.parse(content, !isList());
        if (line.isEmpty() && (!isList() || ChecksumLine.mentions(content, artifact))) {
            throw malformed(where, "it is not a sha256 or sha512 digest and a name");
        }
        return line;
    }

    private boolean isExpected(Digest digest) {
        return isList() || digest.algorithm().equals(ending());
    }

    private boolean isList() {
        return FileRole.of(name) == FileRole.CHECKSUM_LIST;
    }

    private String ending() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private InvalidException malformed(String where, String why) {
        String advice = "Write the line as sha256sum " + artifact + " prints it";
        return new InvalidException(Problem.of("read the checksum of " + artifact + " in", where, why, advice));
    }

    private InvalidException contradiction(Claim one, Claim other) {
        String why = one.place() + " says " + one.digest() + ", and " + other.place() + " says " + other.digest();
        String advice = "Publish the release again, and remove the checksums that are out of date";
        return new InvalidException(Problem.of("tell the digest of", artifact, why, advice));
    }
}
