package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.release.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code <artifact>.sha256} beside an artifact, in one of the forms that {@code sha256sum} writes, or with nothing
 * but the digest. What was read last is remembered, so that it is fetched again only if it has changed. Safe for use by
 * several threads.
 */
final class ChecksumFile {
    private static final int LARGEST = 64 << 10;
    private static final Pattern PLAIN = Pattern.compile("\\\\?([0-9a-fA-F]{64})(?:[ \\t]+\\*?(.+))?");
    private static final Pattern TAGGED = Pattern.compile("SHA(?:2-)?256 ?\\((.+)\\) ?= ?([0-9a-fA-F]{64})");

    private record Remembered(URI uri, String etag, Digest digest) {}

    private final WebClient web;
    private Optional<Remembered> last = Optional.empty();

    ChecksumFile(WebClient web) {
        this.web = web;
    }

    /**
     * Returns the digest of an artifact that is there.
     *
     * @return empty if there is no such file; stores that tell nobody what they hold answer 403 then
     * @throws CorruptException if there is one that says nothing about the artifact
     */
    synchronized Optional<Digest> digest(Call call, URI artifact, String name) throws DewyException {
        URI uri = URI.create(artifact + ".sha256");
        Optional<Remembered> before = last.filter(known -> known.uri().equals(uri));
        Question plain = Question.get("read the checksum", uri);
        Question question =
                before.map(known -> plain.with("If-None-Match", known.etag())).orElse(plain);
        try (Response response = web.ask(call, question, 200, 304, 403, 404, 410)) {
            if (response.status() == 304 && before.isPresent()) {
                return Optional.of(before.get().digest());
            }
            if (response.status() != 200) {
                return Optional.empty();
            }
            Digest digest = read(call, question, response, name);
            last = response.header("etag").map(etag -> new Remembered(uri, etag, digest));
            return Optional.of(digest);
        }
    }

    private static Digest read(Call call, Question question, Response response, String name) throws DewyException {
        try {
            byte[] text = response.body().readNBytes(LARGEST);
            return parse(new String(text, StandardCharsets.UTF_8), name)
                    .orElseThrow(() -> new CorruptException(Problem.of(
                            question.tried(),
                            question.uri(),
                            "it holds no SHA-256 of " + name,
                            "Put there what sha256sum writes, or nothing")));
        } catch (IOException e) {
            call.check();
            String why = "it broke off: " + e.getMessage();
            throw new UnreachableException(Problem.of(question.tried(), question.uri(), why, ""), e);
        }
    }

    static Optional<Digest> parse(String text, String name) {
        return text.lines()
                .map(String::strip)
                .flatMap(line -> digest(line, name).stream())
                .findFirst();
    }

    private static Optional<Digest> digest(String line, String name) {
        Matcher plain = PLAIN.matcher(line);
        if (plain.matches()) {
            String about = Optional.ofNullable(plain.group(2)).orElse(name);
            return isAbout(about, name) ? Optional.of(sha256(plain.group(1))) : Optional.empty();
        }
        Matcher tagged = TAGGED.matcher(line);
        return tagged.matches() && isAbout(tagged.group(1), name)
                ? Optional.of(sha256(tagged.group(2)))
                : Optional.empty();
    }

    /** The folder that the file was in when the line was written does not matter. */
    private static boolean isAbout(String file, String name) {
        return file.equals(name) || file.endsWith("/" + name);
    }

    private static Digest sha256(String hex) {
        return new Digest("sha256", hex.toLowerCase(Locale.ROOT));
    }
}
