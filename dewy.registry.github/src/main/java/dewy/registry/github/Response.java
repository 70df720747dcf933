package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;

/** An answer whose body is still arriving. Whoever receives it closes it. For one thread. */
final class Response implements AutoCloseable {
    /** Understands a body. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream body) throws IOException;
    }

    private final HttpResponse<StreamedBody> response;
    private final Registration cancellation;

    Response(HttpResponse<StreamedBody> response, Registration cancellation) {
        this.response = response;
        this.cancellation = cancellation;
    }

    int status() {
        return response.statusCode();
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** Returns a header that holds a whole number. */
    OptionalLong number(String name) {
        String text = header(name).orElse("").strip();
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** Returns a header that holds a time (RFC 9110, section 5.6.7, in its preferred form). */
    Optional<Instant> time(String name) {
        try {
            return header(name).map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip())));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    InputStream body() {
        return response.body();
    }

    /** Reads the body to its end, so that the connection can be used again. */
    <T> T read(Call call, ApiRequest request, Reader<T> reader) throws DewyException {
        try {
            T value = reader.read(body());
            drain();
            return value;
        } catch (IOException e) {
            call.check();
            String why = "the answer cannot be used: " + e.getMessage();
            throw new UnreachableException(Problem.of(request.tried(), request.on(), why, ""), e);
        }
    }

    /** Passes over what is left of a short body. */
    void drain() throws IOException {
        byte[] rest = new byte[4 << 10];
        for (int blocks = 0; blocks < 16 && body().read(rest) >= 0; blocks++) {
            // What is longer is cut off by closing it.
        }
    }

    @Override
    public void close() {
        cancellation.close();
        if (response.body() != null) { // What a proxy says that refuses a tunnel has none.
            response.body().close();
        }
    }
}
