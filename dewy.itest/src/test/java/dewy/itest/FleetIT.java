package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.ServerProgram;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What six hosts do together that share a Redis. */
@Timeout(300)
class FleetIT {
    private static final int AGENTS = 3;

    private static final int APPS = 2;

    @TempDir
    Path folder;

    private ServerProgram redis;
    private Fleet fleet;

    @BeforeEach
    void start() throws Exception {
        int port = ServerProgram.freePort();
        redis = ServerProgram.start(
                folder, port, "redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "");
        fleet = new Fleet(folder, APPS, Map.of());
        fleet.publish("v1.0.0");
        fleet.start(AGENTS, "redis://127.0.0.1:" + port);
    }

    @AfterEach
    void stop() throws Exception {
        fleet.close();
        redis.close();
    }

    @Test
    void oneHostInAWindowAsksTheRegistryAndOneDownloadsARelease() throws Exception {
        fleet.awaitDeployed("v1.0.0");
        fleet.publish("v1.1.0");
        fleet.awaitDeployed("v1.1.0");
        fleet.requireTogether(2, 0);
    }

    @Test
    void anotherHostDownloadsWhereOneIsKilledInTheMiddle() throws Exception {
        fleet.awaitDeployed("v1.0.0");
        AtomicBoolean first = new AtomicBoolean(true);
        fleet.github.tampering =
                answer -> first.getAndSet(false) ? answer.cutAt(100).hanging() : answer;
        fleet.publish("v1.1.0");
        assertThat(HttpStandIn.within(fleet.github.store.hanging)).isTrue();
        int killed = fleet.killTheOneThatDownloads("v1.1.0");
        fleet.awaitDeployed("v1.1.0");
        fleet.startAgain(killed);
        fleet.awaitDeployed("v1.1.0");
        fleet.requireTogether(3, 1);
    }

    @Test
    void goesOnWithTheLastAnswerWhileTheRegistryIsDownAndTellsPeople() throws Exception {
        fleet.awaitDeployed("v1.0.0");
        fleet.github.instead.put("/releases?", Answer.of(503, "{}"));
        for (Fleet.Host host : fleet.hosts()) {
            assertThat(fleet.await(host, "Registry does not answer", "").getOrDefault("error", ""))
                    .contains("503");
        }
        Fleet.Host first = fleet.hosts().get(0);
        ControlClient control = new ControlClient(fleet.home(first));
        assertThat(control.run("dewy:explain", first.app()))
                .contains("v1.0.0 is deployed; the registry has not answered for ")
                .contains(", what it answered before serves: ");
        fleet.github.instead.clear();
        for (Fleet.Host host : fleet.hosts()) {
            fleet.await(host, "Registry answers", "");
        }
        assertThat(fleet.agents.values()).allMatch(agent -> agent.count("Deploy failure") == 0);
    }
}
