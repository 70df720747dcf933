package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.CycleOutcome.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a registry that names its releases only, and completes each that it is asked for. */
@Timeout(30)
class OutlinedReleasesTest {
    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void open() {
        host = new ScriptedHost(folder);
        host.outlines = true;
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void completesTheNewestAlone() throws Exception {
        host.publish("v1.0.0", "v1.1.0", "v1.2.0-rc.1", "not a version");

        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.1.0");
        // By the cycle, and by the check after it, which remembers nothing.
        assertThat(host.completed).containsExactly("v1.1.0", "v1.1.0");

        host.completed.clear();
        assertThat(host.cycle().outcome()).isEqualTo(Kind.NOTHING_TO_DO);
        assertThat(host.completed).as("by the check").containsExactly("v1.1.0");

        host.completed.clear();
        host.publish("v1.2.0");
        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.2.0");
        assertThat(host.completed).containsOnly("v1.2.0");
    }

    @Test
    void completesTheNextOneWhereTheNewestIsPassedOver() throws Exception {
        host.options.put("cool-down", List.of("1h"));
        host.published.put("v1.0.0", Optional.of(host.now.minus(Duration.ofHours(2))));
        host.published.put("v1.1.0", Optional.of(host.now.minus(Duration.ofHours(2))));
        host.published.put("v1.2.0", Optional.of(host.now));

        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.1.0");
        assertThat(host.completed).startsWith("v1.2.0", "v1.1.0").containsOnly("v1.2.0", "v1.1.0");
    }

    @Test
    void awaitsTheArtifactOfTheNewest() throws Exception {
        host.publish("v1.0.0");
        host.cycle();
        host.lacking.add("v1.1.0");
        host.published.put("v1.1.0", Optional.of(host.now));

        assertThat(host.cycle().outcome()).isEqualTo(Kind.TRY_LATER);
        host.lacking.clear();
        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.1.0");
    }

    @Test
    void completesWhatAPersonNames() throws Exception {
        host.publish("v1.0.0", "v1.1.0");
        host.cycle();
        host.completed.clear();

        host.app().control().deploy("v1.0.0", "test");
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.completed).containsExactly("v1.0.0");
    }
}
