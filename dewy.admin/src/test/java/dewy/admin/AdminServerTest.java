package dewy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final int KEPT = 10;
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path home;

    private final RecentEvents events = new RecentEvents(KEPT);
    private final List<Route.Asked> changes = new ArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<AdminServer> servers = new ArrayList<>();
    private AdminServer server;

    @BeforeEach
    void open() throws Exception {
        Path tokens = home.resolve("tokens");
        Files.createFile(tokens, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokens, "# who may\nalice:" + TOKEN + "\nbob:fedcba9876543210\n");
        server = open(new Limits(16, 3, 4, Duration.ofSeconds(30)));
    }

    @AfterEach
    void close() {
        go.countDown();
        servers.forEach(AdminServer::close);
    }

    @Test
    void answersWhoeverAsksOnThisHost() throws Exception {
        assertThat(get("/api/apps/web")).startsWith("HTTP/1.1 200 OK").contains("\"web\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:17539", "localhost.evil.example", "127.0.0.1.evil.example", ""})
    void isNotAddressedByANameThatSomebodyHasLeadHere(String host) throws Exception {
        assertThat(exchange("GET /api/apps/web HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ")
                .contains("none of the names of this server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "http://localhostX"})
    void doesNothingForAPageOfAnotherSite(String origin) throws Exception {
        assertThat(exchange(
                        post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN + "\r\norigin: " + origin, "")))
                .startsWith("HTTP/1.1 403 ");
        assertThat(changes).isEmpty();
    }

    @Test
    void doesNothingForAPageOfAnotherSiteThatHidesIts() throws Exception {
        assertThat(exchange(post(
                        "/api/apps/web/deploy",
                        "authorization: Bearer " + TOKEN + "\r\nsec-fetch-site: cross-site",
                        "")))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void changesNothingWithoutAToken() throws Exception {
        assertThat(exchange(post("/api/apps/web/deploy", "", "")))
                .startsWith("HTTP/1.1 401 ")
                .contains("www-authenticate: Bearer")
                .contains(home.resolve("tokens").toString());
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN + "x", "")))
                .startsWith("HTTP/1.1 401 ");
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Basic " + TOKEN, "")))
                .startsWith("HTTP/1.1 401 ");
        assertThat(changes).isEmpty();
    }

    @Test
    void knowsWhoChangesSomethingByTheToken() throws Exception {
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, "{\"version\":\"v1\"}")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).caller().actor()).isEqualTo("alice");
        assertThat(changes.get(0).caller().from()).startsWith("http 127.0.0.1:");
        assertThat(changes.get(0).parameters()).isEqualTo(Map.of("version", "v1"));
    }

    @Test
    void letsInNobodyByTokensThatOthersCanRead() throws Exception {
        Files.setPosixFilePermissions(home.resolve("tokens"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, "")))
                .startsWith("HTTP/1.1 503 ")
                .contains("others can read it");
        assertThat(changes).isEmpty();
    }

    @Test
    void knowsATokenNoMoreOnceItsLineIsGone() throws Exception {
        Files.writeString(home.resolve("tokens"), "bob:fedcba9876543210\n");
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, "")))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    void showsWhatAppsWroteToThoseWithATokenAlone() throws Exception {
        assertThat(get("/api/private")).startsWith("HTTP/1.1 401 ");
        assertThat(exchange(
                        "GET /api/private HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void makesATokenWhereThereIsNone() throws Exception {
        Path tokens = home.resolve("made");
        open(settings(home, tokens), Limits.USUAL);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(tokens)).matches("admin:[0-9a-f]{64}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "alice:short", ":0123456789abcdef", "a:0123456789abcdef\na:0123456789abcdeg"})
    void saysWhichLineOfTheTokensIsWrong(String text) throws Exception {
        Files.writeString(home.resolve("tokens"), text);
        assertThatThrownBy(() -> open(Limits.USUAL))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("line ");
    }

    @Test
    void answersTheOwnerOverTheUnixSocketWithoutAToken() throws Exception {
        assertThat(overSocket(server, post("/api/apps/web/deploy", "", ""))).startsWith("HTTP/1.1 200 ");
        assertThat(changes.get(0).caller().actor()).isEqualTo(System.getProperty("user.name"));
        assertThat(changes.get(0).caller().from()).isEqualTo("http unix");
        assertThat(changes.get(0).caller().uid())
                .contains((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void keepsOthersFromItsUnixSocket() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void hasItsUnixSocketInAHomeWhosePathIsLongerThanTheAddressOfOneMayBe() throws Exception {
        Path deep = Files.createDirectories(home.resolve("a".repeat(90)).resolve("b".repeat(90)));
        AdminServer other = open(settings(deep, home.resolve("tokens")), Limits.USUAL);
        assertThat(Files.exists(deep.resolve("admin.sock"))).isTrue();
        servers.remove(other);
        other.close();
        assertThat(Files.exists(deep.resolve("admin.sock"))).isFalse();
    }

    @Test
    void takesTheNextPortWhereOneIsTaken() throws Exception {
        Path tokens = home.resolve("tokens");
        Settings same = new Settings(
                Files.createDirectory(home.resolve("b")),
                InetAddress.getLoopbackAddress(),
                port(server),
                tokens,
                Optional.empty(),
                List.of());
        assertThat(port(open(same, Limits.USUAL))).isBetween(port(server) + 1, port(server) + 9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..%2f..%2fetc/passwd",
                "/../../etc/passwd",
                "/api/apps/web/../../x",
                "/api//apps",
                "/api/apps/",
                "//",
                "/dewy/admin/index.html",
                "/%2e%2e/"
            })
    void hasNothingAtPathsThatAreNone(String path) throws Exception {
        assertThat(get(path)).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/apps/%zz", "/api/apps/%", "http://localhost/api", "*", "api"})
    void refusesTargetsThatAreNoPaths(String path) throws Exception {
        assertThat(get(path)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void saysWhichMethodsThereAre() throws Exception {
        assertThat(exchange("DELETE /api/apps/web HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("only GET");
        assertThat(exchange(post("/api/events", "", ""))).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void saysWhatParametersThereAre() throws Exception {
        assertThat(get("/api/apps/web?colour=red")).startsWith("HTTP/1.1 400 ").contains("takes no \\\"colour\\\"");
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, "{\"number\":2}")))
                .startsWith("HTTP/1.1 400 ")
                .contains("takes no \\\"number\\\", only version");
        assertThat(get("/api/number?n=1&n=2")).startsWith("HTTP/1.1 400 ").contains("twice");
        assertThat(get("/api/number?n=11")).startsWith("HTTP/1.1 400 ").contains("from 0 to 10");
        assertThat(get("/api/number?n=10")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"v1\"",
                "{\"version\":{}}",
                "{\"version\":\"a\",\"version\":\"b\"}",
                "{} {}",
                "{\"x\":1}"
            })
    void refusesABodyThatIsNotAsItShouldBe(String body) throws Exception {
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, body)))
                .startsWith("HTTP/1.1 400 ");
        assertThat(changes).isEmpty();
    }

    @Test
    void refusesABodyThatIsNotSaidToBeJson() throws Exception {
        String request = post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, "{}")
                .replace("application/json", "text/plain");
        assertThat(exchange(request)).startsWith("HTTP/1.1 415 ");
    }

    @Test
    void bearsNoRequestThatIsTooLong() throws Exception {
        assertThat(get("/" + "a".repeat(10_000))).startsWith("HTTP/1.1 414 ");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(exchange(post("/api/apps/web/deploy", "authorization: Bearer " + TOKEN, " ".repeat(70_000))))
                .startsWith("HTTP/1.1 413 ");
        assertThat(get("/api/apps/web")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void waitsForARequestOnlySoLong() throws Exception {
        AdminServer hasty = open(new Limits(16, 3, 4, Duration.ofMillis(50)));
        try (Socket socket = connect(hasty)) {
            socket.getOutputStream().write("GET /api/apps/web HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void answersRequestsOfAConnectionInTheirOrder() throws Exception {
        try (Socket socket = connect(server)) {
            String one = "GET /api/apps/first HTTP/1.1\r\nHost: localhost\r\n\r\n";
            String two = "HEAD /api/apps/second HTTP/1.1\r\nHost: localhost\r\n\r\n";
            String three = "GET /api/apps/third HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            send(socket, one + two + three);
            assertThat(rest(socket))
                    .containsSubsequence("\"first\"", "200 OK", "200 OK", "\"third\"")
                    .doesNotContain("\"second\"");
        }
    }

    @Test
    void saysThatItIsBusyWhereMoreIsAskedThanItCanDo() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) { // Four are being done, four wait.
                Socket socket = connect(server);
                send(socket, "GET /api/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
                waiting.add(socket);
            }
            String answer = get("/api/slow");
            assertThat(answer).startsWith("HTTP/1.1 503 ").contains("retry-after: 1");
        } finally {
            go.countDown();
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void hasOnlySoManyConnections() throws Exception {
        List<Socket> many = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Socket socket = connect(server);
                send(socket, "GET /api/apps/web HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                many.add(socket);
            }
            try (Socket one = connect(server)) {
                assertThat(one.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : many) {
                socket.close();
            }
        }
    }

    @Test
    void tellsAFailureOfTheAgentByItsStatus() throws Exception {
        assertThat(get("/api/failing")).startsWith("HTTP/1.1 409 ").contains("Cannot do that: it is wrong. Do better");
        assertThat(get("/api/broken")).startsWith("HTTP/1.1 500 ").doesNotContain("IllegalState");
    }

    @Test
    void tellsBrowsersToLoadNothingFromElsewhere() throws Exception {
        assertThat(get("/"))
                .contains("content-security-policy: default-src 'none'")
                .contains("x-content-type-options: nosniff")
                .contains("cache-control: no-store");
    }

    @Test
    void tellsEventsAsTheyCome() throws Exception {
        events.add("web", "before");
        try (Socket socket = connect(server)) {
            send(socket, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            until(socket, "events of dewy");
            events.add("web", "after");
            assertThat(until(socket, "after"))
                    .contains("id: 2", "event: cycle.skipped")
                    .doesNotContain("before");
        }
    }

    @Test
    void tellsEventsFromTheOneThatWasSeenLastAndWhatWasMissed() throws Exception {
        for (int i = 1; i <= KEPT + 5; i++) {
            events.add(i % 2 == 0 ? "web" : "docs", "number " + i + ".");
        }
        try (Socket socket = connect(server)) {
            send(socket, "GET /api/events?app=web HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 2\r\n\r\n");
            assertThat(until(socket, "number 14."))
                    .contains("event: gap", "{\"from\":3,\"to\":5}", "number 6.")
                    .doesNotContain("number 7.");
        }
    }

    @Test
    void isNotHeldUpByListenersThatDoNotRead() throws Exception {
        try (Socket deaf = connect(server);
                Socket keen = connect(server)) {
            deaf.setReceiveBufferSize(1);
            send(deaf, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            send(keen, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            until(keen, "events of dewy");
            String long64k = "x".repeat(64 << 10);
            for (int i = 1; i <= 100; i++) {
                events.add("web", long64k + i);
                until(keen, long64k + i);
            }
            assertThat(get("/api/apps/web")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void hasOnlySoManyListeners() throws Exception {
        List<Socket> many = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Socket socket = connect(server);
                send(socket, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                until(socket, "events of dewy");
                many.add(socket);
            }
            assertThat(get("/api/events")).startsWith("HTTP/1.1 503 ");
        } finally {
            for (Socket socket : many) {
                socket.close();
            }
        }
    }

    private AdminServer open(Limits limits) throws Exception {
        return open(settings(home, home.resolve("tokens")), limits);
    }

    private AdminServer open(Settings settings, Limits limits) throws DewyException {
        List<Route> routes = new ArrayList<>(Pages.routes());
        routes.add(route("GET", "/api/apps/{app}", Gate.Access.READ, asked -> Answer.of(Map.of("app", asked.app()))));
        routes.add(route("GET", "/api/private", Gate.Access.PRIVATE, asked -> Answer.of(Map.of())));
        routes.add(route(
                "GET",
                "/api/number",
                Gate.Access.READ,
                asked -> Answer.of(Map.of()),
                new Route.Parameter("n", 10, "a number")));
        routes.add(route("GET", "/api/slow", Gate.Access.READ, asked -> {
            awaitGo();
            return Answer.of(Map.of());
        }));
        routes.add(route("GET", "/api/failing", Gate.Access.READ, asked -> {
            throw new InvalidException(Problem.of("do that", "", "it is wrong", "Do better"));
        }));
        routes.add(route("GET", "/api/broken", Gate.Access.READ, asked -> {
            throw new IllegalStateException("a fault");
        }));
        routes.add(route(
                "POST",
                "/api/apps/{app}/deploy",
                Gate.Access.CHANGE,
                asked -> {
                    changes.add(asked);
                    return Answer.of(Map.of());
                },
                Route.Parameter.text("version", "the version")));
        AdminServer opened = AdminServer.open(settings, limits, routes, events);
        servers.add(opened);
        return opened;
    }

    private void awaitGo() {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Route route(
            String method, String path, Gate.Access access, Route.Handler handler, Route.Parameter... takes) {
        return new Route(method, path, access, "", List.of(takes), Route.Result.one(Object.class), handler);
    }

    private static Settings settings(Path home, Path tokens) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Settings(
                    home,
                    InetAddress.getLoopbackAddress(),
                    20_000 + free.getLocalPort() % 10_000,
                    tokens,
                    Optional.empty(),
                    List.of());
        }
    }

    private String get(String target) throws IOException {
        return exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (headers.isEmpty() ? "" : headers + "\r\n")
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = connect(server)) {
            send(socket, request);
            socket.shutdownOutput();
            return rest(socket);
        }
    }

    private static String overSocket(AdminServer server, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(server.socket()));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(AdminServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static int port(AdminServer server) {
        return URI.create(server.url()).getPort();
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String until(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        byte[] piece = new byte[64 << 10];
        while (text.indexOf(end, Math.max(0, text.length() - piece.length - end.length())) < 0) {
            int read = in.read(piece);
            assertThat(read).as("read behind: " + text).isPositive();
            text.append(new String(piece, 0, read, StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
