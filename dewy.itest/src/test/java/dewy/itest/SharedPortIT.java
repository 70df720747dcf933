package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.TestCertificate;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two apps of one agent at one port of the built-in proxy, which speaks TLS with clients. */
@Timeout(120)
class SharedPortIT {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    Path folder;

    private HttpClient client;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        Tools.require("python3");
        KeyStore store = KeyStore.getInstance("PKCS12");
        TestCertificate certificate = TestCertificate.in(folder);
        try (InputStream in = Files.newInputStream(certificate.store())) {
            store.load(in, PASSWORD);
        }
        String key = Base64.getMimeEncoder()
                .encodeToString(
                        Objects.requireNonNull(store.getKey("test", PASSWORD)).getEncoded());
        Files.writeString(
                folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(context).build();
        port = Ports.free();
    }

    @Test
    void servesEachOfThemAndAPageDuringMaintenance() throws Exception {
        Registry.in(folder.resolve("of-shop")).publishServer("v1.0.0");
        Registry.in(folder.resolve("of-api")).publishServer("v2.0.0");
        Files.writeString(folder.resolve("dewy.yaml"), "apps:\n" + app("shop", "/") + app("api", "/api"));
        try (AgentProcess agent =
                AgentProcess.start(folder, "host", "-d", folder.toString(), "-f", "json", "-l", "debug")) {
            for (String app : List.of("shop", "api")) {
                agent.find(
                        "the deployment of " + app,
                        record -> "Deployment completed".equals(record.get("msg")) && app.equals(record.get("app")));
            }
            assertThat(ask("/apis").body()).startsWith("v1.0.0 ");
            assertThat(ask("/api/users").body()).startsWith("v2.0.0 ");

            assertThat(shell("proxy", "maintenance", "api", "--retry-after", "10m"))
                    .contains("What arrives for api is refused for maintenance");
            HttpResponse<String> refused = ask("/api/users");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("600");
            assertThat(ask("/").body()).startsWith("v1.0.0 ");
            assertThat(shell("proxy", "resume", "api")).contains("What arrives for api is served");
            assertThat(ask("/api").body()).startsWith("v2.0.0 ");
            assertThat(shell("proxy", "api")).contains("127.0.0.1:" + port, "healthy");
            assertThat(agent.stop()).isZero();
        }
    }

    private HttpResponse<String> ask(String path) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private String shell(String... line) throws Exception {
        List<String> all = new ArrayList<>(List.of("shell", "-d", folder.toString()));
        all.addAll(List.of(line));
        try (AgentProcess process = AgentProcess.start(folder, all.toArray(String[]::new))) {
            assertThat(process.exitCode()).isZero();
            return process.output();
        }
    }

    private String app(String name, String path) {
        return """
                  %s:
                    registry: file://%s
                    proxy: builtin
                    port: 127.0.0.1:%d
                    proxy-path: %s
                    proxy-tls-cert: %s
                    proxy-tls-key: %s
                    ready-time: 0s
                    run: [current/app]
                """
                .formatted(
                        name,
                        folder.resolve("of-" + name),
                        port,
                        path,
                        folder.resolve("ca.pem"),
                        folder.resolve("key.pem"))
                .indent(2);
    }
}
