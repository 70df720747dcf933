package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.CycleOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an app does outside its deploy window. */
@Timeout(30)
class DeployWindowTest {
    private static final String WAITS =
            "v2.0.0 waits for the deploy window Mon-Fri 09:00-17:00 UTC, which opens in 15h0m0s";

    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void deployTheFirst() throws Exception {
        host = new ScriptedHost(folder);
        host.options.put("deploy-window", List.of("Mon-Fri 09:00-17:00 UTC"));
        host.now = Instant.parse("2026-01-05T18:00:00Z");
        host.publish("v1.0.0");
        assertThat(host.cycle().outcome()).as("nothing is disturbed").isEqualTo(CycleOutcome.Kind.DEPLOYED);
        host.publish("v2.0.0");
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void waitsUntilItOpens() throws Exception {
        CycleOutcome closed = host.cycle();

        assertThat(closed.outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        assertThat(closed.step()).isEqualTo("gate");
        assertThat(closed.reason()).isEqualTo(WAITS);
        host.pass(Duration.ofHours(15).minusSeconds(1));
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        assertThat(host.activated).containsExactly("v1.0.0");
        host.pass(Duration.ofSeconds(1));
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void asksAgainWhenItOpensIfThatIsBeforeTheNextPoll() throws Exception {
        host.now = Instant.parse("2026-01-06T08:50:00Z");
        host.cycle();
        assertThat(host.app().status().next())
                .contains(Instant.parse("2026-01-06T09:00:00Z").plusMillis(10));
    }

    @Test
    void saysWhatItWaitsForWhenItIsAskedWhatItWouldDo() throws Exception {
        CycleOutcome check = host.app().control().check("test");
        assertThat(check.outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        assertThat(check.reason()).isEqualTo(WAITS);
        assertThat(host.foresee().reason()).isEqualTo(WAITS);
    }

    @Test
    void doesNotBindPeople() throws Exception {
        host.app().control().deploy("test");
        assertThat(host.current()).isEqualTo("v2.0.0");
        host.app().control().rollback(Optional.empty(), "test");
        assertThat(host.current()).isEqualTo("v1.0.0");
        host.app().control().deploy("v2.0.0", "test");
        assertThat(host.current()).isEqualTo("v2.0.0");
        host.failing.add("v3.0.0");
        host.publish("v3.0.0");
        host.app().control().deploy("test");
        host.failing.clear();
        host.app().control().retry("test");
        assertThat(host.current()).isEqualTo("v3.0.0");
    }

    @Test
    void goesBackFromWhatIsNoGoodAtAnyTime() throws Exception {
        host.app().control().deploy("test");
        host.crash(0, dewy.api.runtime.RuntimeStatus.State.FAILED);
        assertThat(host.cycle().step()).isEqualTo("bake");
        assertThat(host.current()).isEqualTo("v1.0.0");
    }
}
