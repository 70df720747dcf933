package dewy.artifact.http;

import dewy.api.Registration;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** An answer whose body is still arriving. Whoever receives it closes it, or else its body. For one thread. */
final class Response implements AutoCloseable {
    private static final Pattern STRONG_ETAG = Pattern.compile("\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");

    private final HttpResponse<ArrivingBody> response;
    private final Registration cancellation;

    Response(HttpResponse<ArrivingBody> response, Registration cancellation) {
        this.response = response;
        this.cancellation = cancellation;
    }

    int status() {
        return response.statusCode();
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name).map(String::strip);
    }

    OptionalLong number(String name) {
        String text = header(name).orElse("");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Returns a time in the one format that is sent (RFC 9110, section 5.6.7). */
    Optional<Instant> time(String name) {
        try {
            return header(name).map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns what promises the same bytes: a strong ETag, or where there is no ETag a time of modification that cannot be
     * that of two contents (RFC 9110, sections 8.8.2.2 and 13.1.5).
     */
    Optional<String> validator() {
        Optional<String> etag = header("etag");
        if (etag.isPresent()) {
            return etag.filter(text -> STRONG_ETAG.matcher(text).matches());
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

    /** Returns the body; closing it closes the answer. */
    InputStream body() {
        return new FilterInputStream(response.body()) {
            @Override
            public void close() {
                Response.this.close();
            }
        };
    }

    @Override
    public void close() {
        cancellation.close();
        if (response.body() != null) { // What a proxy says that refuses a tunnel has none.
            response.body().close();
        }
    }
}
