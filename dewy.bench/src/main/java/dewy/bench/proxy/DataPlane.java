package dewy.bench.proxy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSockets;
import dewy.api.process.Processes;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyProvider;
import dewy.api.route.Backend;
import dewy.bench.proxy.Case.Mode;
import dewy.launcher.agent.LauncherJar;
import dewy.launcher.bundle.SystemBundle;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.Felix;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * The built-in proxy, as an agent has it: its provider is the one of the bundle in the launcher's jar, and the data plane a
 * process of its own. It has one app for each of the modes that are measured.
 */
final class DataPlane implements Contender, AutoCloseable {
    private static final String MAIN = "dewy.proxy.plane.PlaneMain";
    /** What the bundle asks for, so that its components are looked after. */
    private static final String COMPONENTS = "osgi.extender;osgi.extender=osgi.component;version:Version=1.5";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SWITCH_MILLIS = 20;

    private final Map<Mode, Proxy> proxies = new EnumMap<>(Mode.class);
    private final dewy.bench.proxy.Backend backend;
    private final ProcessHandle process;

    private DataPlane(Path folder, ProxyProvider provider, dewy.bench.proxy.Backend backend, Path pem, List<Mode> modes)
            throws DewyException {
        this.backend = backend;
        for (Mode mode : modes) { // And no other: what TLS takes of memory is not to be in the figures without it.
            String parameters =
                    switch (mode) {
                        case HTTP -> "";
                        case TCP -> "&mode=tcp";
                        case HTTPS -> "&tls-cert=" + pem + "&tls-key=" + pem;
                    };
            open(mode, parameters, folder, provider);
        }
        process = ProcessHandle.current()
                .descendants()
                .filter(one -> commandLine(one).contains(MAIN))
                .findFirst()
                .orElseThrow();
    }

    /** Starts the bundle in a framework of its own, whose folder is given, and its provider as the framework would. */
    static DataPlane start(Path folder, dewy.bench.proxy.Backend backend, Path pem, List<Mode> modes) throws Exception {
        LauncherJar jar = LauncherJar.open();
        Path file = jar.extract(jar.index().bundle("dewy.proxy").orElseThrow(), folder.resolve("bundles"));
        Map<String, Object> configuration = SystemBundle.configuration(jar.manifest());
        configuration.put(
                Constants.FRAMEWORK_STORAGE, folder.resolve("framework").toString());
        configuration.put(Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA, COMPONENTS);
        configuration.put("dewy.home", folder.toString());
        Felix felix = new Felix(configuration);
        felix.start();
        Bundle bundle = felix.getBundleContext().installBundle(file.toUri().toString());
        bundle.start();
        Object provider = bundle.loadClass("dewy.proxy.BuiltinProxyProvider")
                .getConstructor(BundleContext.class, ListeningSockets.class, Processes.class)
                .newInstance(bundle.getBundleContext(), new PosixSockets(), new PosixProcesses());
        return new DataPlane(folder, (ProxyProvider) provider, backend, pem, modes);
    }

    private void open(Mode mode, String parameters, Path folder, ProxyProvider provider) throws DewyException {
        String url = "builtin:?port=127.0.0.1:0" + parameters;
        Proxy proxy = provider.open(PluginUrl.parse(url), new App(mode.toString(), folder.resolve("" + mode)));
        try (CancellableCall call = CancellableCall.of("start", LIMIT)) {
            proxy.start(call);
        }
        proxies.put(mode, proxy);
        route(proxy, "one", backend.port());
    }

    private static void route(Proxy proxy, String id, int port) throws DewyException {
        Backend to = Backend.of(id, new ListeningAddress("127.0.0.1", port));
        try (CancellableCall call = CancellableCall.of("route", LIMIT)) {
            proxy.route(call, Map.of(proxy.listeners().get(0).name(), List.of(to)));
        }
    }

    /** Has no other process take the place of the one that is ended. */
    @Override
    public void close() {
        proxies.values().forEach(Proxy::close);
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String title() {
        return "dewy";
    }

    @Override
    public boolean speaks(Mode mode) {
        return proxies.containsKey(mode);
    }

    @Override
    public int port(Mode mode) {
        Proxy proxy = proxies.get(mode);
        return proxy == null ? 0 : proxy.listeners().get(0).address().port();
    }

    @Override
    public List<ProcessHandle> processes() {
        return List.of(process);
    }

    /** Returns the same one, which is led to one backend and the other, fifty times a second. */
    Contender switching() {
        return new Contender() {
            @Override
            public String title() {
                return "dewy, switching";
            }

            @Override
            public boolean speaks(Mode mode) {
                return DataPlane.this.speaks(mode);
            }

            @Override
            public int port(Mode mode) {
                return DataPlane.this.port(mode);
            }

            @Override
            public List<ProcessHandle> processes() {
                return DataPlane.this.processes();
            }

            @Override
            public AutoCloseable busy() {
                Thread switching = new Thread(DataPlane.this::switchToAndFro, "switching");
                switching.setDaemon(true);
                switching.start();
                return () -> {
                    switching.interrupt();
                    switching.join();
                };
            }
        };
    }

    private void switchToAndFro() {
        boolean first = false;
        try {
            while (true) {
                for (Proxy proxy : proxies.values()) {
                    route(proxy, first ? "one" : "two", first ? backend.port() : backend.other());
                }
                first = !first;
                Thread.sleep(SWITCH_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DewyException e) {
            if (!Thread.currentThread().isInterrupted()) {
                System.out.println("Switching ended: " + e.problem().sentence());
            }
        }
    }

    /** The app that a proxy is opened for. */
    private record App(String name, Path directory) implements AppContext {
        @Override
        public String command() {
            return "server";
        }

        @Override
        public String host() {
            return "localhost";
        }

        @Override
        public Path stateDirectory() {
            try {
                return Files.createDirectories(directory.resolve(".dewy"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<String> arguments() {
            return List.of();
        }

        @Override
        public EventSink events() {
            return (level, type, text, data) -> System.out.println(type + ": " + text);
        }
    }
}
