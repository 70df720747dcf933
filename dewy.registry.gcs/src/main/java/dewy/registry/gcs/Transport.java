package dewy.registry.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.http.Connections;
import dewy.http.Request;
import dewy.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's way to servers: that of all plugins, with the proxies and authorities that they have, and which ends with the call.
 */
final class Transport extends HttpTransport {
    /** Those that the JDK sets itself. */
    private static final Set<String> OF_THE_JDK = Set.of("host", "content-length", "connection", "expect");
    /** With less patience for a connection than this, somebody only looks whether anybody is there. */
    private static final int PROBE_MILLIS = 1_000;

    /** Carries a failure through the SDK. */
    static final class Carried extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient DewyException failure;

        Carried(DewyException failure) {
            super(failure.getMessage(), failure);
            this.failure = failure;
        }

        DewyException failure() {
            return failure;
        }
    }

    /** Where hosts of Google's cloud are told about themselves; see "About VM metadata" in its documentation. */
    private static final Pattern METADATA = Pattern.compile("metadata\\.google\\.internal|169\\.254\\.169\\.254");

    private final Connections connections;
    private final Connections direct;

    /**
     * Makes a transport.
     *
     * @param direct the way to the service that tells the host about itself, which no proxy knows
     */
    Transport(Connections connections, Connections direct) {
        this.connections = connections;
        this.direct = direct;
    }

    @Override
    public boolean supportsMethod(String method) {
        return true;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new Asked(method, URI.create(url));
    }

    /** A question of the SDK. */
    private final class Asked extends LowLevelHttpRequest {
        private final String method;
        private final URI uri;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Optional<Duration> limit = Optional.empty();

        Asked(String method, URI uri) {
            this.method = method;
            this.uri = uri;
        }

        @Override
        public void addHeader(String name, String value) {
            if (!OF_THE_JDK.contains(name.toLowerCase(Locale.ROOT))) {
                headers.merge(name, value, (one, other) -> one + "," + other);
            }
        }

        @Override
        public void setTimeout(int connect, int read) {
            boolean probes = connect > 0 && connect < PROBE_MILLIS;
            limit = probes ? Optional.of(Duration.ofMillis(connect)) : Optional.empty();
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            Errand errand = Errand.current();
            Optional<byte[]> body = content();
            if (body.isPresent()) {
                addIfSaid("Content-Type", getContentType());
                addIfSaid("Content-Encoding", getContentEncoding());
            }
            Request request = new Request(errand.tried(), errand.on(), method, uri, headers, body);
            try {
                Response response = limit.isPresent()
                        ? probe(errand.call(), request, limit.get())
                        : way().send(errand.call(), request);
                errand.answered(response);
                return new Answered(response);
            } catch (DewyException e) {
                throw new Carried(e);
            }
        }

        private Optional<byte[]> content() throws IOException {
            if (getStreamingContent() == null) {
                return Optional.empty();
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.max(32, getContentLength()));
            getStreamingContent().writeTo(bytes);
            return Optional.of(bytes.toByteArray());
        }

        private void addIfSaid(String name, @Nullable String value) {
            if (value != null) {
                headers.put(name, value);
            }
        }

        private Connections way() {
            String host = String.valueOf(uri.getHost());
            return METADATA.matcher(host).matches() ? direct : connections;
        }

        private Response probe(Call call, Request request, Duration time) throws DewyException {
            try (CancellableCall own = CancellableCall.of(call.traceId(), time)) {
                Registration ending = call.onCancel(() -> own.cancel("its call is over"));
                try {
                    return way().send(own, request);
                } finally {
                    ending.close();
                }
            }
        }
    }

    /** An answer, for the SDK. */
    private static final class Answered extends LowLevelHttpResponse {
        private final Response response;
        private final List<Map.Entry<String, String>> headers;

        Answered(Response response) {
            this.response = response;
            this.headers = response.headers().entrySet().stream()
                    .flatMap(header -> header.getValue().stream().map(value -> Map.entry(header.getKey(), value)))
                    .toList();
        }

        @Override
        public InputStream getContent() {
            return response.body();
        }

        @Override
        public @Nullable String getContentEncoding() {
            return response.header("content-encoding").orElse(null);
        }

        @Override
        public long getContentLength() {
            return response.number("content-length").orElse(-1);
        }

        @Override
        public @Nullable String getContentType() {
            return response.header("content-type").orElse(null);
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 " + response.status();
        }

        @Override
        public int getStatusCode() {
            return response.status();
        }

        @Override
        public String getReasonPhrase() {
            return "";
        }

        @Override
        public int getHeaderCount() {
            return headers.size();
        }

        @Override
        public String getHeaderName(int index) {
            return headers.get(index).getKey();
        }

        @Override
        public String getHeaderValue(int index) {
            return headers.get(index).getValue();
        }

        @Override
        public void disconnect() {
            response.close();
        }
    }
}
