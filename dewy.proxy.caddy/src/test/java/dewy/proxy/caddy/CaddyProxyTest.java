package dewy.proxy.caddy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Proxy;
import dewy.api.route.Backend;
import dewy.api.route.ContainerNetwork;
import dewy.tck.Await;
import dewy.tck.CaddyImage;
import dewy.tck.ContainerEngine;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import dewy.tck.load.LoadServer;
import dewy.tck.load.MixedLoad;
import dewy.tck.load.MixedLoad.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Caddy in containers of a real engine. */
@Tag("long")
@Timeout(600)
class CaddyProxyTest {
    private static final String URL = "caddy:?port=127.0.0.1:0";
    private static final String LISTENER = "127.0.0.1:0";

    private static final int SWITCHES = Boolean.getBoolean("dewy.long") ? 200 : 6;

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(10));
    private Optional<ContainerEngine> shared = Optional.empty();
    private Optional<CaddyProxyProvider> provider = Optional.empty();

    @BeforeEach
    void findEngine() throws IOException {
        ContainerEngine engine = ContainerEngine.shared();
        CaddyImage.ensure(engine);
        shared = Optional.of(engine);
        provider = Optional.of(new CaddyProxyProvider(
                name -> name.equals("DOCKER_HOST") ? Optional.of(engine.address()) : Optional.empty()));
    }

    @AfterEach
    void leaveNothing() throws IOException {
        call.close();
        for (String left : docker("ps", "-aq").lines().toList()) {
            docker("rm", "-f", left);
        }
        for (String volume : docker("volume", "ls", "-q").lines().toList()) {
            docker("volume", "rm", volume);
        }
    }

    @Test
    void losesNoRequestWhenBackendsAreExchanged() throws Exception {
        InetAddress host = ContainerEngine.shared().host();
        try (Proxy proxy = open(URL);
                LoadServer blue = LoadServer.start("blue", host, 0);
                LoadServer green = LoadServer.start("green", host, 0)) {
            proxy.start(call);
            route(proxy, backend("blue", blue));
            try (MixedLoad load = MixedLoad.ofBrowsers(
                    () -> connect(proxy), Duration.ofSeconds(10), EnumSet.of(Kind.KEPT, Kind.CONNECTING, Kind.POST))) {
                load.awaitAll();
                for (int i = 0; i < SWITCHES; i++) {
                    Backend to = i % 2 == 0 ? backend("green", green) : backend("blue", blue);
                    route(proxy, to);
                    assertThat(get(proxy, "/")).isEqualTo(to.id());
                    assertThat(proxy.drain(call, to.id().equals("blue") ? "green" : "blue", Duration.ofSeconds(10)))
                            .isZero();
                }
                load.close();
                System.out.println("CaddyProxyTest: " + load.report());
                assertThat(load.failures()).isEmpty();
            }
            assertThat(proxy.statistics(call).failed()).isZero();
        }
    }

    @Test
    void waitsForWhatIsInFlightAndIsFoundAgainAfterItsAgentWasKilled() throws Exception {
        Proxy killed = open(URL);
        try (Greeter blue = new Greeter("blue");
                Greeter green = new Greeter("green")) {
            killed.start(call);
            route(killed, blue);
            CompletableFuture<String> slow = ask(killed, "/slow");
            blue.asked.await();
            route(killed, green);
            kill(killed);
            try (Proxy next = recover(URL)) {
                assertThat(next.listeners()).isEqualTo(killed.listeners());
                assertThat(get(next, "/")).isEqualTo("green");
                CompletableFuture<Integer> draining = CompletableFuture.supplyAsync(() -> drain(next, "blue"));
                assertThat(draining).isNotDone();
                assertThat(next.statistics(call).backends())
                        .extracting(one -> one.backend() + " " + one.state() + " " + one.active())
                        .containsExactlyInAnyOrder("green HEALTHY 0", "blue DRAINING 1");
                blue.told.countDown();
                assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("blue");
                assertThat(draining.get(30, TimeUnit.SECONDS)).isZero();
            }
        }
        assertThat(docker("ps", "-aq")).isEmpty();
    }

    @Test
    void comesBackWithTheSameRoutesWhenSomebodyRemovesItsContainer() throws Exception {
        int port = ServerProgram.freePort();
        try (Proxy proxy = open("caddy:?port=127.0.0.1:" + port);
                Greeter blue = new Greeter("blue")) {
            proxy.start(call);
            proxy.route(call, Map.of("127.0.0.1:" + port, List.of(blue.backend())));
            docker("rm", "-f", "app-proxy");
            Await.until("another one", () -> get(proxy, "/").equals("blue"));
        }
    }

    @Test
    void saysWhatToDoAboutAContainerOfItsNameThatIsSomebodyElses() throws Exception {
        docker("create", "--name", "app-proxy", CaddyImage.NAME, "sleep", "1000");
        try (Proxy proxy = open(URL)) {
            assertThatThrownBy(() -> proxy.start(call))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("app-proxy: there is a container of this name, which is not that of this app")
                    .hasMessageContaining("docker rm -f app-proxy")
                    .hasMessageContaining("--proxy-name");
            assertThat(docker("ps", "-a", "--format", "{{.Names}}")).isEqualTo("app-proxy");
        }
    }

    @Test
    void isNamedAfterItsAppWhereAnotherAppCameFirst() throws Exception {
        try (Proxy first = open(URL + "&network-alias=shop");
                Proxy second =
                        provider().open(PluginUrl.parse(URL + "&config=" + caddyfile(":9000 {\n}\n")), app("blog"))) {
            first.start(call);
            second.start(call);
            assertThat(docker("ps", "--format", "{{.Names}}").lines())
                    .containsExactlyInAnyOrder("app-proxy", "app-proxy-blog");
            assertThat(first.network()).contains(new ContainerNetwork("dewy-net", Optional.of("shop")));
            assertThat(second.network()).contains(new ContainerNetwork("dewy-net", Optional.of("dewy-current-blog")));
        }
    }

    @Test
    void saysThatItsPortIsTakenAndLeavesNothingBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                Proxy proxy = open("caddy:?port=" + taken.getLocalPort())) {
            assertThatThrownBy(() -> proxy.start(call))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("address already in use")
                    .hasMessageContaining("--proxy-port");
        }
        assertThat(docker("ps", "-aq")).isEmpty();
    }

    @Test
    void speaksTlsByAnAuthorityOfItsOwn() throws Exception {
        try (Proxy proxy = open(URL + "&domain=shop.example&tls=internal&http-port=0");
                Greeter blue = new Greeter("blue")) {
            proxy.start(call);
            route(proxy, blue);
            TlsClient tls = new TlsClient(port(proxy), "shop.example");
            Await.until("a certificate", () -> tls.get("/").endsWith("blue"));
            assertThat(tls.issuer()).contains("Caddy Local Authority");
            assertThat(proxy.hosts()).containsExactly("shop.example");
            // The engine may publish another port by IPv6, which it tells of last.
            String plain = docker("port", "app-proxy", CaddyConfig.HTTP_PORT + "/tcp")
                    .lines()
                    .findFirst()
                    .orElseThrow();
            String url = "http://127.0.0.1:" + plain.replaceAll(".*:", "") + "/x";
            Await.until("the way to TLS", () -> send(url).statusCode() == 308);
        }
    }

    @Test
    void isToldWhatACaddyfileSaysAndWaitsOutADrain() throws Exception {
        int port = ServerProgram.freePort();
        Path file = caddyfile(":" + port + " {\n\trespond \"mine\"\n}\n");
        String listener = "127.0.0.1:" + port;
        try (Proxy proxy = open("caddy:?port=" + listener + "&config=" + file)) {
            proxy.start(call);
            assertThat(get(proxy, "/")).isEqualTo("mine");
            assertThat(proxy.network()).contains(new ContainerNetwork("dewy-net", Optional.of("dewy-current")));
            Greeter blue = new Greeter("blue");
            proxy.route(call, Map.of(listener, List.of(blue.backend())));
            proxy.route(call, Map.of(listener, List.of()));
            long began = System.nanoTime();
            assertThat(proxy.drain(call, "blue", Duration.ofMillis(300))).isZero();
            assertThat(System.nanoTime() - began)
                    .isGreaterThan(Duration.ofMillis(300).toNanos());
            blue.close();
        }
    }

    @Test
    void tellsWhyCaddyRefusesACaddyfile() throws Exception {
        try (Proxy proxy = open(URL + "&config=" + caddyfile("shop.example {\n\tno_such_directive\n}\n"))) {
            assertThatThrownBy(() -> proxy.start(call))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("no_such_directive");
        }
    }

    private Path caddyfile(String text) throws IOException {
        return Files.writeString(folder.resolve("Caddyfile"), text);
    }

    private CaddyProxyProvider provider() {
        return provider.orElseThrow();
    }

    private TestApp app(String name) {
        return TestApp.in(folder.resolve(name)).named(name);
    }

    private Proxy open(String url) throws Exception {
        return provider().open(PluginUrl.parse(url), app("web"));
    }

    private Proxy recover(String url) throws Exception {
        HandoverState left = provider()
                .recover(call, PluginUrl.parse(url), app("web"), Optional.empty())
                .orElseThrow();
        return provider().adopt(PluginUrl.parse(url), app("web"), left);
    }

    /** It does nothing any more, and has ended nothing. */
    private void kill(Proxy proxy) throws Exception {
        HandoverState unused = ((Handover) proxy).prepare(call);
        ((Handover) proxy).commit();
    }

    private void route(Proxy proxy, Greeter to) throws Exception {
        route(proxy, to.backend());
    }

    private void route(Proxy proxy, Backend to) throws Exception {
        proxy.route(call, Map.of(LISTENER, List.of(to)));
    }

    private static Backend backend(String id, LoadServer server) throws IOException {
        String host = ContainerEngine.shared().host().getHostAddress();
        return Backend.of(id, new ListeningAddress(host, server.port()));
    }

    private static Socket connect(Proxy proxy) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(proxy));
    }

    private int drain(Proxy proxy, String backend) {
        try {
            return proxy.drain(call, backend, Duration.ofSeconds(20));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static int port(Proxy proxy) {
        return proxy.listeners().get(0).address().port();
    }

    private String get(Proxy proxy, String path) throws Exception {
        return send("http://127.0.0.1:" + port(proxy) + path).body();
    }

    private CompletableFuture<String> ask(Proxy proxy, String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return get(proxy, path);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private HttpResponse<String> send(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String docker(String... arguments) throws IOException {
        return shared.orElseThrow().docker(arguments);
    }
}
