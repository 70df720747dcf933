package dewy.proxy;

import static dewy.proxy.BuiltinProxies.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.UnreachableException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ChildProcess;
import dewy.api.process.ListeningAddress;
import dewy.api.process.Signal;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Proxy;
import dewy.api.route.Backend;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import dewy.posix.PosixSurvivors;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the process that carries the traffic. */
@Timeout(120)
class DataPlaneTest {
    private static final String URL = "builtin:?port=127.0.0.1:0&mode=tcp";
    /** Nobody waits for a backend, and what fails once is left out. */
    private static final String IMPATIENT = URL + "&hold-time=0&failures=1";

    private static final String NAME = "127.0.0.1:0";
    private static final String RESET = "java.net.SocketException: Connection reset";

    @TempDir
    Path folder;

    private final CancellableCall call = call();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Greeter blue;
    private Greeter green;
    private BuiltinProxyProvider provider;
    private TestApp app;

    @BeforeEach
    void begin() throws IOException {
        blue = Greeter.start("blue");
        green = Greeter.start("green");
        provider = BuiltinProxies.of(folder, "one");
        app = TestApp.in(folder.resolve("web"));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        provider.deactivate();
        blue.close();
        green.close();
        call.close();
    }

    @Test
    void servesAllAppsAndEndsWithTheLast() throws Exception {
        Proxy first = start(app);
        Proxy second = start(app.named("other"));
        ChildProcess plane = plane(first);
        assertThat(plane(second).pid()).isEqualTo(plane.pid());
        route(first, blue);
        route(second, green);
        first.close();
        assertThat(ask(second)).isEqualTo("green");
        assertThat(plane.isAlive()).isTrue();
        second.close();
        Await.until("the end of the data plane", () -> !plane.isAlive());
        try (var left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("proxy.log");
        }
    }

    /** Nobody waits for one that is only trained. */
    @Test
    void endsWhereItCannotBegin() throws Exception {
        PlaneProgram program = new PlaneProgram(folder.resolve("gone"), "one", System.getProperty("java.class.path"));
        Process plane = new ProcessBuilder(program.command(program.place()))
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(new String(plane.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("The data plane cannot go on: ");
            assertThat(plane.waitFor()).isEqualTo(1);
        } finally {
            plane.destroyForcibly();
        }
    }

    @Test
    void anotherOneServesOnTheSameSocketsWhenItDies() throws Exception {
        Proxy proxy = start(app);
        Proxy second = start(app.named("other"));
        route(proxy, blue);
        route(second, green);
        assertThat(ask(proxy)).isEqualTo("blue");
        ChildProcess plane = plane(proxy);
        for (int i = 0; i < 2; i++) {
            plane.signal(Signal.KILL);
            plane.exit().join();
            assertThat(ask(proxy))
                    .isEqualTo("blue"); // It connects at once, and waits in the socket until it is accepted.
            assertThat(ask(second)).isEqualTo("green");
            assertThat(plane(proxy).pid())
                    .isNotEqualTo(plane.pid())
                    .isEqualTo(plane(second).pid());
            plane = plane(proxy);
        }
        assertThat(proxy.statistics(call).requests()).isPositive();
        assertThat(app.told()).extracting(TestApp.Told::type).containsOnly("proxy.lost");
    }

    @Test
    void isRoutedAgainWhereItDiesJustThen() throws Exception {
        Proxy proxy = start(app);
        route(proxy, blue);
        plane(proxy).signal(Signal.KILL);
        route(proxy, green);
        assertThat(ask(proxy)).isEqualTo("green");
    }

    @Test
    void anAgentGoesOnWithTheOneThatAKilledAgentLeft() throws Exception {
        Proxy old = start(app);
        route(old, blue);
        List<String> before = ask(old, 3);
        ListeningAddress address = old.listeners().get(0).address();
        BuiltinProxyProvider next = BuiltinProxies.of(folder, "one");
        try (Load load = Load.on(address)) {
            HandoverState left = recovered(app.record().orElseThrow());
            Proxy proxy = open(next.adopt(PluginUrl.parse(URL), app, left));
            ((Handover) old).commit(); // The agent has nothing of it any more.
            proxy.start(call);
            assertThat(plane(proxy).pid()).isEqualTo(plane(left).pid());
            assertThat(proxy.statistics(call).requests()).isGreaterThanOrEqualTo(before.size());
            load.await("blue");
            assertThat(load.end()).isEmpty();
            plane(proxy).signal(Signal.KILL);
            assertThat(ask(proxy))
                    .as("by the routes that the one before was told")
                    .isEqualTo("blue");
            route(proxy, green);
            assertThat(ask(proxy)).isEqualTo("green");
        } finally {
            next.deactivate();
        }
    }

    @Test
    void anotherVersionIsAnotherGenerationOnTheSameSockets() throws Exception {
        Proxy current = start(app);
        route(current, blue);
        ListeningAddress address = current.listeners().get(0).address();
        Socket open = new Socket(address.host(), address.port());
        List<BuiltinProxyProvider> versions = new ArrayList<>();
        ChildProcess first = plane(current);
        try (Load load = Load.on(address);
                open) {
            load.await("blue");
            for (int i = 0; i < 3; i++) {
                BuiltinProxyProvider version = BuiltinProxies.of(folder, "version " + i);
                versions.add(version);
                ChildProcess before = plane(current);
                long passed = current.statistics(call).requests();
                Proxy next = open(version.adopt(PluginUrl.parse(URL), app, ((Handover) current).prepare(call)));
                ((Handover) current).commit();
                current.close();
                next.start(call);
                assertThat(plane(next).pid()).isNotEqualTo(before.pid());
                assertThat(next.statistics(call).requests()).isGreaterThanOrEqualTo(passed);
                assertThat(next.listeners().get(0).address()).isEqualTo(address);
                current = next;
            }
            route(current, green);
            load.await("green");
            assertThat(load.end()).isEmpty();
            assertThat(first.isAlive()).as("it has a connection in flight").isTrue();
        } finally {
            versions.forEach(BuiltinProxyProvider::deactivate);
        }
        Await.until("the end of the first one", () -> !first.isAlive());
    }

    @Test
    void drainsWhatAnEarlierGenerationHasInFlight() throws Exception {
        Proxy old = start(app);
        route(old, blue);
        ListeningAddress address = old.listeners().get(0).address();
        BuiltinProxyProvider version = BuiltinProxies.of(folder, "two");
        try (Socket slow = new Socket(address.host(), address.port())) {
            Await.until("a connection to the backend", () -> active(old) == 1);
            Proxy next = open(version.adopt(PluginUrl.parse(URL), app, ((Handover) old).prepare(call)));
            ((Handover) old).commit();
            next.start(call);
            route(next, green);
            assertThat(ask(next)).isEqualTo("green");
            assertThat(next.drain(call, "blue", Duration.ofMillis(50))).isEqualTo(1);
            assertThat(slow.getInputStream().read()).as("it was cut").isEqualTo(-1);
            assertThat(next.drain(call, "blue", Duration.ofSeconds(60))).isZero();
        } finally {
            version.deactivate();
        }
    }

    @Test
    void whatItTellsOfABackendIsPublishedAlsoByAnAgentThatComesLater() throws Exception {
        Backend dead = Backend.of("dead", new ListeningAddress("127.0.0.1", 1));
        TestApp second = app.named("other");
        Proxy old = start(app, IMPATIENT);
        Proxy other = start(second, IMPATIENT);
        old.route(call, Map.of(NAME, List.of(dead)));
        other.route(call, Map.of(NAME, List.of(dead)));
        List<ListeningAddress> addresses = List.of(
                old.listeners().get(0).address(), other.listeners().get(0).address());
        HandoverState left = recovered(app.record().orElseThrow());
        HandoverState otherLeft = recovered(second.record().orElseThrow());
        ((Handover) old).commit(); // The agent has nothing of it any more, and hears nothing.
        ((Handover) other).commit();
        addresses.forEach(Greeter::askOrSayWhyNot);
        BuiltinProxyProvider next = BuiltinProxies.of(folder, "one");
        try {
            open(next.adopt(PluginUrl.parse(IMPATIENT), second, otherLeft));
            Await.until("a notice", () -> second.told().stream().anyMatch(this::isOfDead));
            open(next.adopt(PluginUrl.parse(IMPATIENT), app, left));
            Await.until(
                    "that of the app that comes last", () -> app.told().stream().anyMatch(this::isOfDead));
            assertThat(app.told()).extracting(TestApp.Told::type).containsExactly("proxy.ejected");
            assertThat(second.told()).extracting(TestApp.Told::type).containsExactly("proxy.ejected");
        } finally {
            next.deactivate();
        }
    }

    private boolean isOfDead(TestApp.Told told) {
        return told.data().getOrDefault("backend", "").equals("dead");
    }

    @Test
    void goesOnUnderOtherSettings() throws Exception {
        Proxy old = start(app);
        route(old, blue);
        ListeningAddress address = old.listeners().get(0).address();
        try (Load load = Load.on(address)) {
            load.await("blue");
            PluginUrl changed = PluginUrl.parse("builtin:?port=127.0.0.1:0&mode=http&access-log=json");
            Proxy next = open(provider.adopt(changed, app, ((Handover) old).prepare(call)));
            ((Handover) old).commit();
            assertThat(load.end()).isEmpty();
            next.start(call);
            try (Socket client = new Socket(address.host(), address.port())) {
                client.getOutputStream()
                        .write("GET /a HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .as("the backend answers no HTTP")
                        .isEqualTo("HTTP/1.1 502");
            }
            Path log = app.stateDirectory().resolve("log/access.log");
            Await.until(
                    "a line in the log",
                    () -> Files.exists(log) && Files.readString(log).contains("GET /a"));
        }
    }

    @Test
    void holdsWhatArrivesWhileItIsPausedWhateverBecomesOfPlaneAndAgent() throws Exception {
        Proxy proxy = start(app);
        route(proxy, blue);
        proxy.admit(call, Admission.PAUSED);
        ListeningAddress address = proxy.listeners().get(0).address();
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> answer.complete(Greeter.askOrSayWhyNot(address)), "asking");
        asking.start();
        assertThatThrownBy(() -> answer.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        route(proxy, green);
        assertThat(answer).isNotDone();
        proxy.admit(call, Admission.SERVING);
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("green");
        asking.join();

        proxy.admit(call, Admission.maintenance("soon", Duration.ofSeconds(1)));
        assertRefused(proxy);
        plane(proxy).signal(Signal.KILL);
        plane(proxy).exit().join();
        assertRefused(proxy);
        BuiltinProxyProvider next = BuiltinProxies.of(folder, "two");
        try {
            HandoverState left = recovered(app.record().orElseThrow());
            ((Handover) proxy).commit(); // The agent has nothing of it any more.
            Proxy successor = open(next.adopt(PluginUrl.parse(URL), app, left));
            assertThat(successor.admission().mode()).isEqualTo(Admission.Mode.MAINTENANCE);
            successor.start(call);
            assertRefused(successor);
            successor.admit(call, Admission.SERVING);
            assertThat(ask(successor)).isEqualTo("green");
        } finally {
            next.deactivate();
        }
    }

    @Test
    void goesBackFromAVersionWhosePlaneDoesNotStart() throws Exception {
        Proxy old = start(app);
        route(old, blue);
        ListeningAddress address = old.listeners().get(0).address();
        PlaneProgram broken = new PlaneProgram(folder, "broken", "none.jar");
        BuiltinProxyProvider version = new BuiltinProxyProvider(new PosixSockets(), new PosixProcesses(), () -> broken);
        try (Load load = Load.on(address)) {
            Proxy next = version.adopt(PluginUrl.parse(URL), app, ((Handover) old).prepare(call));
            ((Handover) old).commit();
            assertThatThrownBy(() -> ((HealthCheck) next).check(call)).isInstanceOf(UnreachableException.class);
            Proxy again = open(provider.adopt(PluginUrl.parse(URL), app, ((Handover) next).prepare(call)));
            ((Handover) next).commit();
            ((HealthCheck) again).check(call);
            route(again, green);
            load.await("green");
            assertThat(load.end()).isEmpty();
        } finally {
            version.deactivate();
        }
    }

    @Test
    void saysWhyItDoesNotStart() {
        PlaneProgram broken = new PlaneProgram(folder, "broken", "none.jar");
        BuiltinProxyProvider other = new BuiltinProxyProvider(new PosixSockets(), new PosixProcesses(), () -> broken);
        assertThatThrownBy(() -> open(other.open(PluginUrl.parse(URL), app)).start(call))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("proxy.log");
        other.deactivate();
    }

    private static void assertRefused(Proxy proxy) {
        assertThat(Greeter.askOrSayWhyNot(proxy.listeners().get(0).address())).isIn("", RESET);
    }

    private Proxy start(TestApp of) throws Exception {
        return start(of, URL);
    }

    private Proxy start(TestApp of, String url) throws Exception {
        Proxy proxy = open(provider.open(PluginUrl.parse(url), of));
        proxy.start(call);
        return proxy;
    }

    private Proxy open(Proxy proxy) {
        opened.add(proxy);
        return proxy;
    }

    private void route(Proxy proxy, Greeter to) throws Exception {
        proxy.route(call, Map.of(NAME, List.of(to.backend())));
    }

    private long active(Proxy proxy) throws Exception {
        return proxy.statistics(call).backends().get(0).active();
    }

    /** Returns the plane of a proxy, as it is handed over. */
    private ChildProcess plane(Proxy proxy) throws Exception {
        HandoverState state = ((Handover) proxy).prepare(call);
        ((Handover) proxy).abort();
        return plane(state);
    }

    private static ChildProcess plane(HandoverState state) {
        return (ChildProcess) Objects.requireNonNull(state.resources().get("plane"));
    }

    /** Returns what the next agent finds. */
    private static HandoverState recovered(HandoverState kept) throws Exception {
        Map<String, String> references = new HashMap<>();
        kept.resources().forEach((name, resource) -> references.put(name, resource.reference()));
        HandoverState left = kept.with(new PosixSurvivors().find(references));
        assertThat(left.resources()).hasSameSizeAs(kept.resources());
        return left;
    }

    private String ask(Proxy proxy) throws IOException {
        return Greeter.ask(proxy.listeners().get(0).address());
    }

    private List<String> ask(Proxy proxy, int times) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(ask(proxy));
        }
        return answers;
    }
}
