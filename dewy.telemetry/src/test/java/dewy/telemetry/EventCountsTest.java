package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.event.Event;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventCountsTest {
    private static final String STEPS =
            "poll 12ms, gate 0ms, fetch 1500ms, prepare 300ms, activate 1200ms, settle 20ms";

    private final EventCounts counts = new EventCounts();

    @Test
    void countsWhatWasDeployedAndHowLongThatTook() throws IOException {
        tell(Events.of("cycle.ended", "outcome", "deployed", "step", "settle", "steps", STEPS));
        assertThat(read())
                .contains("dewy_deployments_total{app=\"shop\",command=\"server\"} 1.0")
                .contains("dewy_deployment_errors_total{app=\"shop\",command=\"server\"} 0.0")
                .contains("dewy_deployment_duration_seconds_sum{app=\"shop\",command=\"server\"} 3.02")
                .contains("dewy_deployment_duration_seconds_bucket{app=\"shop\",command=\"server\",le=\"1.0\"} 0")
                .contains("dewy_deployment_duration_seconds_bucket{app=\"shop\",command=\"server\",le=\"5.0\"} 1")
                .contains("dewy_deployment_time_to_ready_seconds_sum{app=\"shop\",command=\"server\"} 1.2");
    }

    @Test
    void tellsAFailedDeploymentFromARegistryThatDoesNotAnswer() throws IOException {
        tell(Events.of("cycle.ended", "outcome", "failed", "step", "poll", "failure", "network", "steps", "poll 5ms"));
        assertThat(read()).contains("dewy_deployment_errors_total{app=\"shop\",command=\"server\"} 0.0");
        tell(Events.of("cycle.ended", "outcome", "failed", "step", "activate", "failure", "application"));
        assertThat(read())
                .contains("dewy_deployment_errors_total{app=\"shop\",command=\"server\"} 1.0")
                .contains("dewy_healthchecks_total{app=\"shop\"} 1.0")
                .contains("dewy_healthchecks_failures_total{app=\"shop\"} 1.0");
    }

    @Test
    void tellsAReturnThatWasAskedForFromOneForAFault() throws IOException {
        tell(Events.of("cycle.ended", "outcome", "deployed", "step", "settle", "steps", "rollback 2ms, settle 3ms"));
        tell(Events.of("cycle.ended", "outcome", "failed", "step", "bake", "steps", "bake 900ms"));
        tell(Events.of("release.quarantined", "version", "v2.0.0"));
        assertThat(read())
                .contains("dewy_rollbacks_total{app=\"shop\",reason=\"command\"} 1.0")
                .contains("dewy_rollbacks_total{app=\"shop\",reason=\"fault\"} 1.0")
                .contains("dewy_quarantines_total{app=\"shop\"} 1.0");
    }

    @Test
    void saysWhyServersWereReplaced() throws IOException {
        tell(
                Events.during(0, "server.restarted", "version", "v1.0.0"),
                Events.of("shop", Events.NOON, "", "signal", "server.restarted"),
                Events.of("shop", Events.NOON, "", "kim", "server.restarted"),
                Events.of("server.exited", "pid", "7"),
                Events.of("server.recovered", "pid", "8"));
        assertThat(read())
                .contains("dewy_server_restarts_total{app=\"shop\",reason=\"deploy\"} 1.0")
                .contains("dewy_server_restarts_total{app=\"shop\",reason=\"signal\"} 1.0")
                .contains("dewy_server_restarts_total{app=\"shop\",reason=\"command\"} 1.0")
                .contains("dewy_server_restarts_total{app=\"shop\",reason=\"crash\"} 1.0")
                .contains("dewy_server_crashes_total{app=\"shop\"} 1.0");
    }

    @Test
    void countsContainersThatEnded() throws IOException {
        tell(
                Events.of("container.exited", "container", "shop-1-ab", "status", "exited with 137"),
                Events.of("container.stopping", "container", "shop-1-cd"));
        assertThat(read()).contains("dewy_container_exits_total{app=\"shop\"} 1.0");
    }

    @Test
    void tellsArtifactsOfTheCacheFromDownloadedOnes() throws IOException {
        tell(
                Events.of("artifact.cached", "size", "1048576"),
                Events.of("artifact.downloaded", "version", "v1.0.0"),
                Events.of("artifact.found", "version", "v1.0.0"),
                Events.of("artifact.found", "version", "v1.0.0"));
        assertThat(read())
                .contains("dewy_cache_hits_total{app=\"shop\"} 2.0")
                .contains("dewy_cache_misses_total{app=\"shop\"} 1.0")
                .contains("dewy_artifact_downloaded_bytes_total{app=\"shop\"} 1048576.0");
    }

    @Test
    void countsPluginsThatWereReplacedOrRefused() throws IOException {
        tell(
                Events.of("plugin.swapped", "plugin", "registry:file"),
                Events.of("plugin.refused", "plugin", "registry:file"));
        assertThat(read())
                .contains("dewy_plugin_swaps_total{app=\"shop\",plugin=\"registry:file\",result=\"swapped\"} 1.0")
                .contains("dewy_plugin_swaps_total{app=\"shop\",plugin=\"registry:file\",result=\"refused\"} 1.0");
    }

    @Test
    void forgetsAnAppThatIsGone() throws IOException {
        tell(Events.of("gone", Events.NOON, "", "dewy", "server.exited"));
        tell(Events.of("gone", Events.NOON, "", "dewy", "cycle.ended", "outcome", "deployed", "steps", STEPS));
        assertThat(read()).doesNotContain("gone");
        Points points = new Points();
        counts.read(List.of(Reading.app("gone", "server")), points);
        assertThat(Reading.of(points)).contains("dewy_server_crashes_total{app=\"gone\"} 0.0");
    }

    private void tell(Event... events) {
        Stream.of(events).forEach(counts);
    }

    private String read() throws IOException {
        Points points = new Points();
        counts.read(List.of(Reading.app("shop", "server")), points);
        return Reading.of(points);
    }
}
