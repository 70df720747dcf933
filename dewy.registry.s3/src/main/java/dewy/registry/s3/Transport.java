package dewy.registry.s3;

import dewy.api.DewyException;
import dewy.http.Connections;
import dewy.http.Request;
import dewy.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The SDK's way to servers: that of all plugins, with the proxies and authorities that they have, and which ends with the call.
 */
final class Transport implements SdkHttpClient {
    /** Those that the JDK sets itself; what the SDK signs of them is the same. */
    private static final Set<String> OF_THE_JDK = Set.of("host", "content-length", "connection", "expect");

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

    private final Connections connections;

    Transport(Connections connections) {
        this.connections = connections;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return send(request);
            }

            @Override
            public void abort() {
                // The call does it.
            }
        };
    }

    @Override
    public String clientName() {
        return "dewy";
    }

    @Override
    public void close() {
        // Others use the connections, too.
    }

    private HttpExecuteResponse send(HttpExecuteRequest request) throws IOException {
        Errand errand = Errand.current();
        SdkHttpRequest asked = request.httpRequest();
        Optional<byte[]> body = Optional.empty();
        if (request.contentStreamProvider().isPresent()) {
            body = Optional.of(content(request.contentStreamProvider().get()));
        }
        try {
            Request own = new Request(
                    errand.tried(), errand.on(), asked.method().name(), asked.getUri(), headers(asked), body);
            Response response = errand.send(connections, own);
            return HttpExecuteResponse.builder()
                    .response(SdkHttpResponse.builder()
                            .statusCode(response.status())
                            .headers(response.headers())
                            .build())
                    .responseBody(AbortableInputStream.create(response.body(), response::close))
                    .build();
        } catch (DewyException e) {
            throw new Carried(e);
        }
    }

    private static byte[] content(ContentStreamProvider provider) throws IOException {
        try (InputStream in = provider.newStream()) {
            return in.readAllBytes();
        }
    }

    private static Map<String, String> headers(SdkHttpRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        request.forEachHeader((name, values) -> {
            if (!OF_THE_JDK.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, String.join(",", values));
            }
        });
        return headers;
    }
}
