package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppStatus;
import dewy.api.runtime.ReplicaStatus;
import dewy.api.runtime.ReplicaStatus.Ending;
import dewy.api.runtime.ReplicaStatus.State;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaReadingsTest {
    private long now;
    private int asked;
    private boolean silent;
    private final ReplicaReadings readings = new ReplicaReadings(() -> now);
    private final Agent agent = agent();

    @Test
    void tellsWhatEachContainerDoesAndHowItEnded() throws IOException {
        assertThat(read())
                .contains("dewy_container_replicas{app=\"shop\"} 1.0")
                .contains("dewy_container_desired_replicas{app=\"shop\"} 3.0")
                .contains(
                        "dewy_container_status{app=\"shop\",container=\"shop-1\",replica=\"0\",state=\"running\"} 1.0")
                .contains("dewy_container_status{app=\"shop\",container=\"shop-1\",replica=\"0\",state=\"exited\"} 0.0")
                .contains("dewy_container_oom_killed{app=\"shop\",container=\"shop-2\",replica=\"1\"} 1.0")
                .contains(
                        "dewy_container_last_terminated_exit_code{app=\"shop\",container=\"shop-2\",replica=\"1\"} 137.0")
                .doesNotContain("oom_killed{app=\"shop\",container=\"shop-1\"");
    }

    @Test
    void asksTheEngineNowAndThenOnly() throws IOException {
        read();
        now += Duration.ofSeconds(4).toNanos();
        read();
        assertThat(asked).isEqualTo(1);
        now += Duration.ofSeconds(2).toNanos();
        read();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void leavesOutWhatTheEngineDoesNotTell() throws IOException {
        silent = true;
        assertThat(read()).doesNotContain("dewy_container");
    }

    private String read() throws IOException {
        AppStatus app = Reading.running(Reading.app("shop", "container"));
        Points points = new Points();
        readings.read(agent, List.of(app), points);
        return Reading.of(points);
    }

    private Agent agent() {
        return (Agent) Proxy.newProxyInstance(
                Agent.class.getClassLoader(), new Class<?>[] {Agent.class}, (proxy, method, given) -> {
                    if (method.getName().equals("definition")) {
                        return new AppDefinition("container", Map.of("replicas", List.of("3")), List.of());
                    }
                    asked++;
                    if (silent) {
                        throw new UnreachableException(new Problem("ask", "the engine", "it does not answer", ""));
                    }
                    return List.of(
                            replica("shop-1", State.RUNNING, Optional.empty()),
                            replica("shop-2", State.EXITED, Optional.of(new Ending(137, true))));
                });
    }

    private static ReplicaStatus replica(String name, State state, Optional<Ending> ending) {
        return new ReplicaStatus(
                name,
                "0123",
                "v1.0.0",
                "shop@sha256:01",
                state,
                Optional.empty(),
                Map.of(),
                0,
                Optional.of(Instant.EPOCH),
                ending);
    }
}
