package dewy.http;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer whose body is still arriving. Whoever receives it closes it, or else its body. For one thread. */
public final class Response implements AutoCloseable {
    /** Understands a body. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(InputStream body) throws IOException;
    }

    private static final Pattern ETAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");
    private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");

    private final Call call;
    private final Request request;
    private final URI uri;
    private final HttpResponse<ArrivingBody> response;
    private final InputStream content;
    private final Registration cancellation;

    Response(Call call, Request request, URI uri, HttpResponse<ArrivingBody> response, Registration cancellation) {
        this.call = call;
        this.request = request;
        this.uri = uri;
        this.response = response;
        // What a proxy says that refuses a tunnel comes without a body.
        this.content = response.body() == null ? InputStream.nullInputStream() : response.body();
        this.cancellation = cancellation;
    }

    public int status() {
        return response.statusCode();
    }

    /** Returns what was asked. */
    public Request request() {
        return request;
    }

    /** Returns who answered: the request's own address, or where that redirected to. */
    public URI uri() {
        return uri;
    }

    public Optional<String> header(String name) {
        return response.headers().firstValue(name).map(String::strip);
    }

    /** Returns all headers, as they came. */
    public Map<String, List<String>> headers() {
        return response.headers().map();
    }

    List<String> headers(String name) {
        return response.headers().allValues(name);
    }

    /** Returns a header that holds a whole number. */
    public OptionalLong number(String name) {
        String text = header(name).orElse("");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Returns which part of what was asked for this is, as far as it says so. */
    public Optional<ContentRange> contentRange() {
        return header("content-range").flatMap(ContentRange::parse);
    }

    /** Returns a time in the one format that is sent (RFC 9110, section 5.6.7). */
    public Optional<Instant> time(String name) {
        try {
            return header(name).map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the ETag, strong or weak, for a later {@code If-None-Match}. */
    public Optional<String> etag() {
        return header("etag").filter(text -> ETAG.matcher(text).matches());
    }

    /**
     * Returns what promises the same bytes: a strong ETag, or where there is no ETag a time of modification that cannot be
     * that of two contents (RFC 9110, sections 8.8.2.2 and 13.1.5).
     */
    public Optional<String> validator() {
        if (header("etag").isPresent()) {
            return etag().filter(text -> !text.startsWith("W/"));
        }
        Optional<Instant> modified = time("last-modified");
        boolean settled = modified.isPresent()
                && time("date")
                        .filter(now -> Duration.between(modified.get(), now).toSeconds() >= 1)
                        .isPresent();
        return settled ? header("last-modified") : Optional.empty();
    }

    /** Returns whether the answer contradicts a validator; one without validators does not. */
    boolean contradicts(String validator) {
        String name = validator.startsWith("\"") ? "etag" : "last-modified";
        return header(name).filter(now -> !now.equals(validator)).isPresent();
    }

    /**
     * Returns where a link of the answer leads, such as {@code next} (RFC 8288).
     *
     * @throws UnreachableException if what it names is no address
     */
    public Optional<URI> link(String relation) throws UnreachableException {
        Optional<String> target = headers("link").stream()
                .flatMap(line -> link(line, relation).stream())
                .findFirst();
        try {
            return target.map(this::resolve);
        } catch (IllegalArgumentException e) {
            throw failure("it names a link that is no address", e);
        }
    }

    private URI resolve(String reference) {
        boolean isQuery =
                reference.startsWith("?"); // Java would leave out the last part of the path (RFC 3986, section 5.4.1).
        return uri.resolve(isQuery ? uri.getRawPath() + reference : reference);
    }

    static Optional<String> link(String header, String relation) {
        Pattern wanted = Pattern.compile(";\\s*rel\\s*=\\s*\"?([^\";,]*\\s)?" + relation + "[\\s\";,]?.*");
        Matcher link = LINK.matcher(header);
        while (link.find()) {
            if (wanted.matcher(link.group(2)).find()) {
                return Optional.of(link.group(1));
            }
        }
        return Optional.empty();
    }

    /** Returns the body; closing it closes the answer. */
    public InputStream body() {
        return new FilterInputStream(content) {
            @Override
            public void close() {
                Response.this.close();
            }
        };
    }

    /**
     * Reads the body to its end, so that the connection can be used again.
     *
     * @throws UnreachableException if it breaks off, or is not understood
     */
    public <T> T read(Reader<T> reader) throws DewyException {
        try {
            T value = reader.read(content);
            drain();
            return value;
        } catch (IOException e) {
            call.check();
            throw failure("the answer cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the body whole.
     *
     * @throws UnreachableException if it breaks off, or is longer than {@code most} bytes
     */
    public byte[] bytes(int most) throws DewyException {
        return read(body -> {
            byte[] bytes = body.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException("it is longer than " + most + " bytes");
            }
            return bytes;
        });
    }

    /** Passes over what is left of a short body; a longer one is cut off by closing it. */
    void drain() throws IOException {
        byte[] rest = new byte[4 << 10];
        for (int blocks = 0; blocks < 16 && content.read(rest) >= 0; blocks++) {
            // Nothing of it matters.
        }
    }

    @Override
    public void close() {
        cancellation.close();
        try {
            content.close();
        } catch (IOException e) {
            // Nobody waits for the rest of it.
        }
    }

    private UnreachableException failure(String why, Exception cause) {
        return new UnreachableException(Problem.of(request.tried(), request.on(), why, request.fate()), cause);
    }
}
