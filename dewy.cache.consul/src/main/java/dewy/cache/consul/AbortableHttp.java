package dewy.cache.consul;

import dewy.api.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.conn.util.PublicSuffixMatcher;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.BasicHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** HTTP with one connection, whose request in progress can be broken off by another thread. */
final class AbortableHttp extends CloseableHttpClient {
    private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(10);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Call call;
    private final CloseableHttpClient http;
    private volatile Optional<HttpRequestBase> current = Optional.empty();
    private Duration silence = LONGEST_SILENCE;

    AbortableHttp(Call call, Consul consul) {
        this.call = call;
        RegistryBuilder<ConnectionSocketFactory> sockets = RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", PlainConnectionSocketFactory.getSocketFactory());
        consul.tls()
                .map(context -> new SSLConnectionSocketFactory(context, new DefaultHostnameVerifier()))
                .ifPresent(secured -> sockets.register("https", secured));
        this.http = HttpClientBuilder.create()
                .setConnectionManager(new BasicHttpClientConnectionManager(sockets.build()))
                .disableAutomaticRetries() // What changes something is asked once.
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setPublicSuffixMatcher(new PublicSuffixMatcher(List.of(), List.of())) // It is for cookies, and large.
                .setUserAgent("dewy")
                .build();
    }

    /** Has the next answers come so late. */
    void silentFor(Duration time) {
        silence = time;
    }

    @Override
    protected CloseableHttpResponse doExecute(HttpHost target, HttpRequest request, @Nullable HttpContext context)
            throws IOException {
        if (request instanceof HttpRequestBase abortable) {
            abortable.setConfig(RequestConfig.custom()
                    .setConnectTimeout((int) LONGEST_CONNECTING.toMillis())
                    .setSocketTimeout((int) silence.toMillis())
                    .build());
            current = Optional.of(abortable);
            if (call.isOver()) {
                abortable.abort();
            }
        }
        return http.execute(target, request, context);
    }

    void abort() {
        current.ifPresent(HttpRequestBase::abort);
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            // Nobody waits for anything on it any more.
        }
    }

    @Override
    @Deprecated
    public org.apache.http.params.HttpParams getParams() {
        return http.getParams();
    }

    @Override
    @Deprecated
    public org.apache.http.conn.ClientConnectionManager getConnectionManager() {
        return http.getConnectionManager();
    }
}
