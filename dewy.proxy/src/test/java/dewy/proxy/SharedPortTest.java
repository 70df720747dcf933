package dewy.proxy;

import static dewy.proxy.BuiltinProxies.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ChildProcess;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import dewy.api.proxy.Proxy;
import dewy.posix.PosixSockets;
import dewy.posix.PosixSurvivors;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several apps at one port. */
@Timeout(120)
class SharedPortTest {
    @TempDir
    Path folder;

    private final CancellableCall call = call();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<BuiltinProxyProvider> providers = new ArrayList<>();
    private BuiltinProxyProvider provider;
    private RawBackend ofA;
    private RawBackend ofB;
    private TestApp a;
    private TestApp b;
    private String port = "127.0.0.1:0";

    @BeforeEach
    void begin() throws IOException {
        provider = version("one");
        ofA = saying("a");
        ofB = saying("b");
        a = TestApp.in(folder.resolve("a")).named("a");
        b = TestApp.in(folder.resolve("b")).named("b");
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        providers.forEach(BuiltinProxyProvider::deactivate);
        ofA.close();
        ofB.close();
        call.close();
    }

    @Test
    void isOpenAsLongAsAnAppIsThere() throws Exception {
        Proxy first = start(a, "host=a.example", ofA);
        assertThat(ask("a.example", "/")).isEqualTo("200 a");
        Proxy second = start(b, "host=b.example&host=*.b.example&path=/api", ofB);
        assertThat(second.listeners().get(0).address())
                .isEqualTo(first.listeners().get(0).address());
        assertThat(ask("A.example:80", "/x")).isEqualTo("200 a");
        assertThat(ask("b.example", "/api/x")).isEqualTo("200 b");
        assertThat(ask("x.y.b.example", "/api?x")).isEqualTo("200 b");
        assertThat(second.statistics(call).requests()).isEqualTo(2);
        assertThat(second.statistics(call).backends().get(0).requests()).isEqualTo(2);
        first.close();
        assertThat(ask("b.example", "/api")).isEqualTo("200 b");
        second.close();
        assertThatThrownBy(() -> ask("b.example", "/api")).isInstanceOf(IOException.class);
    }

    @Test
    void isOpenedOnceForAppsThatStartTogether() throws Exception {
        SharedSockets sockets = new SharedSockets(new PosixSockets());
        try (ListeningSocket first = sockets.listen(new ListeningAddress("127.0.0.1", 0));
                ListeningSocket second = sockets.listen(first.address())) {
            assertThat(second.reference()).isEqualTo(first.reference());
        }
    }

    @Test
    void hasOneAppForEachSite() throws Exception {
        Proxy first = start(a, "host=a.example", ofA);
        assertThatThrownBy(() -> start(b, "host=b.example&host=a.example", ofB))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(port)
                .hasMessageContaining("the app a answers to a.example there");
        assertThatThrownBy(() -> start(b, "mode=tcp", ofB))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("the app a is served there");
        assertThatThrownBy(() -> start(b, "host=b.example&protocol=in", ofB))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("PROXY protocol");
        assertThat(ask("a.example", "/")).isEqualTo("200 a");
        assertThat(first.statistics(call).requests()).isEqualTo(1);
        Proxy second = start(b, "host=b.example", ofB);
        assertThat(ask("b.example", "/")).isEqualTo("200 b");
        first.close();
        second.close();
        assertThatThrownBy(() -> ask("a.example", "/")).isInstanceOf(IOException.class);
    }

    @Test
    void hasAppsThatChangeWhileOthersServe() throws Exception {
        start(a, "host=a.example", ofA);
        Proxy second = start(b, "host=b.example", ofB);
        try (Asking asking = new Asking(true, "a.example", "b.example")) {
            for (String sites : List.of("host=b.example&host=c.example", "host=b.example", "")) {
                HandoverState state = ((Handover) second).prepare(call);
                Proxy next = open(provider.adopt(url(b, sites), b, state));
                ((Handover) second).commit();
                next.start(call);
                second = next;
                asking.awaitMore();
                if (!sites.equals("host=b.example")) {
                    assertThat(ask("c.example", "/")).isEqualTo("200 b");
                }
            }
            assertThat(asking.lost()).isEmpty();
        }
    }

    @Test
    void isSharedOnWhenThePlaneDies() throws Exception {
        Proxy first = start(a, "host=a.example", ofA);
        start(b, "host=b.example", ofB);
        ChildProcess plane = plane(first);
        plane.signal(Signal.KILL);
        plane.exit().join();
        for (int i = 0; i < 3; i++) {
            assertThat(ask("b.example", "/")).isEqualTo("200 b");
            assertThat(ask("a.example", "/")).isEqualTo("200 a");
        }
    }

    @Test
    void isSharedOnByAnotherVersion() throws Exception {
        Proxy first = start(a, "host=a.example", ofA);
        Proxy second = start(b, "host=b.example", ofB);
        ChildProcess plane = plane(first);
        try (Asking asking = new Asking(false, "a.example", "b.example")) {
            BuiltinProxyProvider next = version("two");
            first = succeed(next, first, a, "host=a.example");
            asking.awaitMore(); // Some are answered by one plane, some by the other.
            second = succeed(next, second, b, "host=b.example");
            asking.awaitMore();
            assertThat(asking.lost()).isEmpty();
        }
        assertThat(plane(first).pid()).isEqualTo(plane(second).pid()).isNotEqualTo(plane.pid());
        Await.until("the end of the plane before", () -> !plane.isAlive());
    }

    @Test
    void isSharedOnByTheNextAgent() throws Exception {
        Proxy first = start(a, "host=a.example", ofA);
        Proxy second = start(b, "host=b.example", ofB);
        BuiltinProxyProvider next = version("one");
        try (Asking asking = new Asking(false, "a.example", "b.example")) {
            Proxy third = open(next.adopt(url(a, "host=a.example"), a, recovered(a)));
            Proxy fourth = open(next.adopt(url(b, "host=b.example"), b, recovered(b)));
            ((Handover) first).commit(); // The agent has nothing of it any more.
            ((Handover) second).commit();
            third.start(call);
            fourth.start(call);
            asking.awaitMore();
            third.close();
            assertThat(ask("b.example", "/")).isEqualTo("200 b");
            asking.stop();
        }
        assertThat(ask("b.example", "/")).isEqualTo("200 b");
    }

    @Test
    void recordsWhatIsRefusedInTheLogsOfAllItsApps() throws Exception {
        start(a, "host=a.example&access-log=json", ofA);
        start(b, "host=b.example&access-log=json", ofB);
        try (Socket client = connect()) {
            RawBackend.write(client, "GET / HTTP/1.1\r\nX\r\n\r\n");
            assertThat(RawBackend.readAll(client)).startsWith("HTTP/1.1 400 ");
        }
        assertThat(ask("b.example", "/")).isEqualTo("200 b");
        for (TestApp one : List.of(a, b)) {
            Path log = one.stateDirectory().resolve("log/access.log");
            Await.until(
                    "the refusal in the log",
                    () -> Files.exists(log)
                            && Files.readString(log).contains("\"request\":\"GET / HTTP/1.1\",\"status\":400")
                            && Files.readString(log).contains("\"app\":\"\""));
        }
    }

    private BuiltinProxyProvider version(String build) {
        BuiltinProxyProvider next = BuiltinProxies.of(folder, build);
        providers.add(next);
        return next;
    }

    private static RawBackend saying(String text) throws IOException {
        return RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + text);
    }

    /** The first app has any free port, and the second one that of the first. */
    private PluginUrl url(TestApp app, String more) throws InvalidException {
        return PluginUrl.parse("builtin:?port=" + (app == a ? "127.0.0.1:0" : port) + "&" + more);
    }

    private Proxy start(TestApp app, String sites, RawBackend to) throws Exception {
        Proxy proxy = open(provider.open(url(app, sites), app));
        proxy.start(call);
        proxy.route(call, Map.of(proxy.listeners().get(0).name(), List.of(Listening.backend(to.port()))));
        port = proxy.listeners().get(0).address().toString();
        return proxy;
    }

    private Proxy succeed(BuiltinProxyProvider by, Proxy old, TestApp app, String sites) throws Exception {
        Proxy next = open(by.adopt(url(app, sites), app, ((Handover) old).prepare(call)));
        ((Handover) old).commit();
        old.close();
        next.start(call);
        return next;
    }

    private Proxy open(Proxy proxy) {
        opened.add(proxy);
        return proxy;
    }

    private ChildProcess plane(Proxy proxy) throws Exception {
        HandoverState state = ((Handover) proxy).prepare(call);
        ((Handover) proxy).abort();
        return (ChildProcess) Objects.requireNonNull(state.resources().get("plane"));
    }

    private static HandoverState recovered(TestApp app) throws Exception {
        HandoverState kept = app.record().orElseThrow();
        Map<String, String> references = new HashMap<>();
        kept.resources().forEach((name, resource) -> references.put(name, resource.reference()));
        return kept.with(new PosixSurvivors().find(references));
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.substring(port.indexOf(':') + 1)));
        socket.setSoTimeout(60_000);
        return socket;
    }

    private String ask(String host, String path) throws IOException {
        try (Socket client = connect()) {
            return ask(client, host, path);
        }
    }

    private static String ask(Socket client, String host, String path) throws IOException {
        RawBackend.write(client, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        String head = RawBackend.readHead(client.getInputStream());
        if (head.isEmpty()) {
            throw new IOException("no answer");
        }
        int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
        return head.substring(9, 12) + ' ' + RawBackend.read(client, length);
    }

    /** A client that asks one host after the other, all the time. */
    private final class Asking implements AutoCloseable {
        private final Queue<String> lost = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answers = new AtomicInteger();
        private final Thread thread = new Thread(this::run, "asking");
        private final boolean onOneConnection;
        private final String[] hosts;
        private volatile boolean enough;

        Asking(boolean onOneConnection, String... hosts) {
            this.onOneConnection = onOneConnection;
            this.hosts = hosts;
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try (Socket same = connect()) {
                for (int i = 0; !enough; i++) {
                    String host = hosts[i % hosts.length];
                    String answer = onOneConnection ? ask(same, host, "/") : ask(host, "/");
                    if (!answer.equals("200 " + host.charAt(0))) {
                        lost.add(host + ": " + answer);
                    }
                    answers.incrementAndGet();
                }
            } catch (IOException e) {
                lost.add(e.toString());
            }
        }

        void awaitMore() throws InterruptedException {
            int before = answers.get();
            Await.until("more answers", () -> answers.get() > before + 20 || !lost.isEmpty());
        }

        void stop() throws InterruptedException {
            enough = true;
            thread.join();
        }

        List<String> lost() throws InterruptedException {
            stop();
            return List.copyOf(lost);
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
