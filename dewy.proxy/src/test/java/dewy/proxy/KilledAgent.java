package dewy.proxy;

import static dewy.proxy.BuiltinProxies.call;

import dewy.api.CancellableCall;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Proxy;
import dewy.api.route.Backend;
import dewy.posix.PosixSurvivors;
import dewy.tck.TestApp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * An agent in a process of its own, made to be killed: it has one app with a proxy, goes on with what an earlier one left of it,
 * and routes to the port of each line it reads.
 */
final class KilledAgent {
    private static final String URL = "builtin:?port=127.0.0.1:0&mode=tcp";
    private static final String LISTENER = "127.0.0.1:0";

    private final Process process;
    private final BufferedReader answers;
    private final int port;

    private KilledAgent(Process process) throws IOException {
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(answers.readLine());
    }

    static KilledAgent start(Path folder) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new KilledAgent(new ProcessBuilder(
                        java.toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledAgent.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Returns where the app is. */
    ListeningAddress address() {
        return new ListeningAddress("127.0.0.1", port);
    }

    /** Has it begin to route. */
    void begin(Backend to) throws IOException {
        process.getOutputStream().write((to.address().port() + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void route(Backend to) throws IOException {
        begin(to);
        answers.readLine();
    }

    /** Kills it, as the kernel does when memory is short. */
    void kill() throws IOException {
        process.destroyForcibly().onExit().join();
        answers.close();
    }

    /** Has it close the proxy, and end. */
    void end() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
        answers.close();
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path record = folder.resolve("record");
        TestApp app = TestApp.in(folder.resolve("app")).keeping(state -> write(state, record));
        BuiltinProxyProvider provider = BuiltinProxies.of(folder, "test");
        PluginUrl url = PluginUrl.parse(URL);
        try (CancellableCall call = call();
                Proxy proxy = begin(provider, url, app, provider.recover(call, url, app, read(record)))) {
            proxy.start(call);
            System.out.println(proxy.listeners().get(0).address().port());
            BufferedReader ports = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = ports.readLine(); line != null; line = ports.readLine()) {
                ListeningAddress address = new ListeningAddress("127.0.0.1", Integer.parseInt(line));
                proxy.route(call, Map.of(LISTENER, List.of(Backend.of(line, address))));
                System.out.println("routed");
            }
        }
        System.exit(0);
    }

    private static Proxy begin(BuiltinProxyProvider provider, PluginUrl url, TestApp app, Optional<HandoverState> left)
            throws Exception {
        return left.isPresent() ? provider.adopt(url, app, left.get()) : provider.open(url, app);
    }

    /** Writes as core does: with references in place of resources, and as a whole. */
    private static void write(HandoverState state, Path record) {
        Properties kept = new Properties();
        state.data().forEach((name, value) -> kept.setProperty("data " + name, value));
        state.resources().forEach((name, resource) -> kept.setProperty("resource " + name, resource.reference()));
        try (StringWriter text = new StringWriter()) {
            kept.store(text, null);
            Path next = Files.writeString(record.resolveSibling("record.next"), text.toString());
            Files.move(next, record, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<HandoverState> read(Path record) throws Exception {
        if (!Files.exists(record)) {
            return Optional.empty();
        }
        Properties kept = new Properties();
        try (var reader = Files.newBufferedReader(record)) {
            kept.load(reader);
        }
        Map<String, String> references = startingWith("resource ", kept);
        HandoverState state = new HandoverState(AppTraffic.FORMAT, startingWith("data ", kept), Map.of());
        return Optional.of(state.with(new PosixSurvivors().find(references)));
    }

    private static Map<String, String> startingWith(String prefix, Properties kept) {
        Map<String, String> found = new HashMap<>();
        kept.stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.put(name.substring(prefix.length()), kept.getProperty(name)));
        return found;
    }
}
