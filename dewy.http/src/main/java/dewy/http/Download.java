package dewy.http;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens content at an offset, and goes on with a part of it where the server proves that it is still the same (RFC 9110,
 * sections 13.1.5 and 14).
 *
 * @param declared how long the content is, where that was told before
 */
public record Download(WebClient web, Request request, OptionalLong declared) {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

    /**
     * Opens it.
     *
     * @param offset how many bytes are held already
     * @param validator what they came with; without it, or when the content is another, the stream begins at 0
     * @throws CorruptException if it has not the length that was declared
     */
    public ArtifactStream open(Call call, long offset, Optional<String> validator) throws DewyException {
        if (offset > 0 && validator.isPresent()) {
            Optional<ArtifactStream> rest = resume(call, offset, validator.get());
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        return fromTheStart(web.ask(call, request, 200));
    }

    /** Goes on at an offset; empty if the server answers with another part than the one asked for. */
    private Optional<ArtifactStream> resume(Call call, long offset, String validator) throws DewyException {
        Request part = request.with("Range", "bytes=" + offset + "-").with("If-Range", validator);
        Response response = web.ask(call, part, 200, 206, 416);
        if (response.status() == 200) {
            return Optional.of(fromTheStart(response));
        }
        Matcher range = CONTENT_RANGE.matcher(response.header("content-range").orElse(""));
        boolean same = range.matches() && !response.contradicts(validator);
        OptionalLong total = same ? number(range.group(2)) : OptionalLong.empty();
        if (same && response.status() == 206 && number(range.group(1)).equals(OptionalLong.of(offset))) {
            return Optional.of(stream(response, offset, total, Optional.of(validator)));
        }
        response.close();
        // Everything was there already, which only the server knew.
        return response.status() == 416 && total.equals(OptionalLong.of(offset))
                ? Optional.of(new ArtifactStream(InputStream.nullInputStream(), offset, total, Optional.of(validator)))
                : Optional.empty();
    }

    private ArtifactStream fromTheStart(Response response) throws CorruptException {
        return stream(response, 0, response.number("content-length"), response.validator());
    }

    private ArtifactStream stream(Response response, long offset, OptionalLong said, Optional<String> validator)
            throws CorruptException {
        if (declared.isPresent() && said.isPresent() && declared.getAsLong() != said.getAsLong()) {
            response.close();
            String why = "it has " + said.getAsLong() + " bytes, but the registry declares " + declared.getAsLong();
            throw new CorruptException(Problem.of(request.tried(), request.on(), why, "Publish it again"));
        }
        OptionalLong total = said.isPresent() ? said : declared;
        InputStream bytes = new Measured(response.body(), offset, total.orElse(Long.MAX_VALUE));
        return new ArtifactStream(bytes, offset, total, validator);
    }

    private static OptionalLong number(String text) {
        return Optional.ofNullable(text)
                .filter(digits -> !"*".equals(digits))
                .map(digits -> OptionalLong.of(Long.parseLong(digits)))
                .orElse(OptionalLong.empty());
    }

    /** Content up to its end: a body that is shorter or longer than was told is an error. */
    private static final class Measured extends FilterInputStream {
        private final long total;
        private long position;

        Measured(InputStream body, long position, long total) {
            super(body);
            this.position = position;
            this.total = total;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int got = super.read(bytes, offset, length);
            position += Math.max(0, got);
            if (got < 0 && position < total && total != Long.MAX_VALUE) {
                throw new IOException("it ended after " + position + " of " + total + " bytes");
            }
            if (position > total) {
                throw new IOException("more came than its " + total + " bytes");
            }
            return got;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] passed = new byte[(int) Math.min(8_192, Math.max(0, count))];
            return Math.max(0, read(passed, 0, passed.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
