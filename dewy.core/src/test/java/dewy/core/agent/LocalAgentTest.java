package dewy.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.AgentPhase;
import dewy.api.control.AppDefinition;
import dewy.api.control.Operations;
import dewy.api.control.Plugins;
import dewy.api.process.ListeningSockets;
import dewy.api.process.ServiceManager;
import dewy.core.app.ScriptedHost;
import dewy.core.audit.AuditLog;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LocalAgentTest {
    private static final Plugins NONE = (Plugins) Proxy.newProxyInstance(
            Plugins.class.getClassLoader(), new Class<?>[] {Plugins.class}, (self, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private static final ServiceManager NOBODY = new ServiceManager() {
        @Override
        public boolean isPresent() {
            return false;
        }

        @Override
        public Optional<Duration> watchdog() {
            return Optional.empty();
        }

        @Override
        public void tell(String state) {}
    };

    private static final ListeningSockets UNOPENED = address -> {
        throw new UnsupportedOperationException();
    };

    @TempDir
    Path folder;

    private final ExecutorService people = Executors.newCachedThreadPool();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private ScriptedHost host;
    private LocalAgent agent;

    @BeforeEach
    void create() {
        host = new ScriptedHost(folder);
        Heartbeat heartbeat = new Heartbeat(() -> NOBODY, timer, people);
        Apps apps = new Apps();
        Operations operations = new AgentOperations(host.operations, apps, (order, actor) -> {
            throw new UnsupportedOperationException();
        });
        AuditLog audit = new AuditLog(folder.resolve("home"), people);
        AgentRecords records = new AgentRecords(new AgentCapsules(apps), audit, InstantSource.system());
        agent = new LocalAgent(apps, host.factory(), NONE, operations, records, "test", heartbeat, () -> UNOPENED);
    }

    @AfterEach
    void end() throws InterruptedException {
        people.shutdownNow();
        timer.shutdownNow();
        host.end();
        // Somebody may still write to the audit log, whose folder is deleted next.
        assertThat(people.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isAtWorkFromWhenItHasItsAppsUntilItLetsGoOfThem() throws Exception {
        agent.add(host.definition());
        assertThat(agent.phase()).isEqualTo(AgentPhase.STARTING);
        agent.ready();
        assertThat(agent.phase()).isEqualTo(AgentPhase.AT_WORK);
        agent.stop("the test is over");
        assertThat(agent.phase()).isEqualTo(AgentPhase.STOPPING);
        assertThat(agent.apps()).isEmpty();
    }

    @Test
    void showsOfTheAppsOfAFileThatItsChangeWasRefused() throws Exception {
        AppDefinition written = host.definition();
        String app = agent.add(
                new AppDefinition(written.command(), written.options(), written.arguments(), "/srv/dewy.yaml"));
        agent.refused("/srv/other.yaml", Optional.of("it is no YAML"));
        assertThat(agent.app(app).refused()).isEmpty();
        agent.refused("/srv/dewy.yaml", Optional.of("it is no YAML"));
        assertThat(agent.app(app).refused()).contains("it is no YAML");
        assertThat(agent.apps().get(0).refused()).contains("it is no YAML");
        agent.refused("/srv/dewy.yaml", Optional.empty());
        assertThat(agent.app(app).refused()).isEmpty();
    }

    @Test
    void notesWhereAppsAreAddedChangedAndRemoved() throws Exception {
        AppDefinition written = host.definition();
        AppDefinition definition =
                new AppDefinition(written.command(), written.options(), written.arguments(), "/srv/dewy.yaml");
        String app = agent.add(definition);
        agent.change(definition);
        agent.refused("/srv/dewy.yaml", Optional.of("it is no YAML"));
        agent.remove(app);
        agent.stop("the test is over");
        people.shutdown();
        assertThat(people.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.audit().newest(Optional.empty(), 10))
                .extracting(entry -> entry.action() + " from " + entry.from())
                .containsExactly(
                        "agent.stopped from agent",
                        "app.removed from file /srv/dewy.yaml",
                        "config.refused from file /srv/dewy.yaml",
                        "app.changed from file /srv/dewy.yaml",
                        "app.added from file /srv/dewy.yaml");
    }

    @Test
    void leavesNothingOfAnAppThatIsBeingRemovedAsItStops() throws Exception {
        host.publish("v1.0.0");
        host.stopsAtOnce = false;
        String app = agent.add(host.definition());
        agent.deploy(app, "test");
        assertThat(host.serving).isNotEmpty();
        Future<?> removal = people.submit(() -> {
            agent.remove(app);
            return true;
        });
        host.stopping.await();
        Future<?> stop = people.submit(() -> agent.stop("the test is over"));
        agent.cutStopShort();
        stop.get();
        assertThat(host.serving).isEmpty();
        removal.get();
    }
}
