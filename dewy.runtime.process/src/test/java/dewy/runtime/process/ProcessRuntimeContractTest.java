package dewy.runtime.process;

import dewy.api.ApplicationException;
import dewy.api.DewyException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Provider;
import dewy.api.process.Inheritable;
import dewy.api.route.Router;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.posix.PosixNotifySockets;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import dewy.tck.Await;
import dewy.tck.RoutingContract;
import dewy.tck.TestApp;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ProcessRuntimeContractTest extends RoutingContract {
    private static final String SERVER = "case $DEWY_VERSION in broken*) exit 3;; esac;"
            + " [ -z \"$PORT\" ] || exec python3 -IS " + PythonServer.file("listening.py") + "; exec sleep 1000";

    private final ProcessRuntimeProvider provider =
            new ProcessRuntimeProvider(new PosixSockets(), new PosixProcesses(), new PosixNotifySockets());
    private Optional<TestApp> app = Optional.empty();
    private String readiness = "alive";

    @BeforeEach
    void makeApp() {
        app = Optional.of(TestApp.in(folder).running("sh", "-c", SERVER));
    }

    @AfterEach
    void close() {
        provider.deactivate();
    }

    @Override
    public Provider<AppRuntime> provider() {
        return provider;
    }

    @Override
    public AppContext app() {
        return app.orElseThrow();
    }

    /** What it keeps is found again by {@link #app}. */
    @Override
    protected AppContext routed(Router by) {
        TestApp routed = app.orElseThrow().routing(by);
        app = Optional.of(routed);
        return routed;
    }

    @Override
    public String url() {
        return "process:?port=127.0.0.1:0&stop-timeout=2s&ready-time=600ms&ready=" + readiness;
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of(
                        "process://host/path?port=http&stdin-socket&stop-timeout=soon&ready-time=86401&user=&group="
                                + "&max-restarts=-1&log-size=65535&ready=https://localhost&ready-timeout=never",
                        "port",
                        "stdin-socket",
                        "stop-timeout",
                        "ready-time",
                        "user",
                        "group",
                        "max-restarts",
                        "log-size",
                        "ready",
                        "ready-timeout"),
                WrongUrl.of("process:?port=1,1", "port"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.HANGING, ApplicationException.class,
                Trouble.MISSING, ApplicationException.class,
                Trouble.LYING, ApplicationException.class);
    }

    @Override
    public void befall(Trouble trouble) {
        switch (trouble) {
            case HANGING -> readiness = "tcp://127.0.0.1:" + PythonServer.freePort();
            case MISSING -> app = Optional.of(TestApp.in(folder).running("current/no-such-program"));
            case LYING -> app = Optional.of(TestApp.in(folder).running("sh", "-c", "exit 3"));
            default -> throw new AssertionError(trouble);
        }
    }

    @Override
    public void awaitHanging() {
        Await.until("the start of the server", () -> asked() > 0);
    }

    @Override
    public long asked() {
        return app.orElseThrow().told().stream()
                .filter(told -> told.type().equals("server.starting"))
                .count();
    }

    /** Format 1 knew no generation on its way in or about to be told to go, and counted no crashes. */
    @Override
    public HandoverState inFormat(HandoverState now, int format) {
        Map<String, String> data = new HashMap<>(now.data());
        data.remove("crashes");
        Map<String, Inheritable> resources = new HashMap<>(now.resources());
        resources.keySet().removeIf(name -> name.startsWith("starting.") || name.startsWith("replaced."));
        return new HandoverState(format, data, resources);
    }

    @Override
    protected Activation activation(String tag) {
        return new Activation(deliverable(tag), Optional.empty(), Optional.empty(), Map.of("DEWY_VERSION", tag));
    }

    @Override
    protected Activation broken(String tag) {
        return new Activation(deliverable(tag), Optional.empty(), Optional.empty(), Map.of("DEWY_VERSION", "broken"));
    }

    @Override
    protected boolean isRunning(String instance) {
        return RealRuntimes.isAlive(Long.parseLong(instance));
    }

    @Override
    protected void crash(String instance) {
        RealRuntimes.crash(Long.parseLong(instance));
    }
}
