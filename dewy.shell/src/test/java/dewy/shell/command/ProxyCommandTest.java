package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyCommandTest {
    private final FixedAgent agent = FixedAgent.of(Samples.app("web"));

    private Reply run(Command command, String... words) throws Exception {
        return command.run(agent, Arguments.parse(command, List.of(words)), Samples.SCRIPT);
    }

    @Test
    void showsWhatPassedToEachBackend() throws Exception {
        assertThat(run(new ProxyCommand(), "web").text())
                .isEqualTo(
                        """
                App         web (proxy:builtin)
                Traffic     paused
                Listens at  80
                Answers to  www.example.com/shop
                Passed      12, 1 failed
                BACKEND  VERSION  WEIGHT  STATE     IN FLIGHT  SERVED  ERRORS  P50 ms  P99 ms
                1-1      v1.2.3   5       ejected   2          11      1       3.1     3.1
                2-1      -        1       draining  0          0       0       -       -
                """);
        assertThat(run(new ProxyCommand(), "web").script())
                .contains("\"traffic\" : \"pause\"", "\"state\" : \"ejected\"", "\"p99Millis\" : 3.");
    }

    @Test
    void leavesOutAppsWithoutAProxy() throws Exception {
        assertThat(run(new ProxyCommand()).text()).isEqualTo("No app of the agent has a proxy.\n");
    }

    @Test
    void tellsTheAgentWhatToDo(@TempDir Path folder) throws Exception {
        Path page = Files.writeString(folder.resolve("page"), "<p>soon</p>");
        assertThatThrownBy(() -> run(AdmitCommand.ALL.get(0))).hasMessageContaining("PAUSE");
        assertThatThrownBy(() -> run(AdmitCommand.ALL.get(1))).hasMessageContaining("SERVE");
        assertThatThrownBy(() -> run(AdmitCommand.ALL.get(2), "--page", page.toString(), "--retry-after=1h"))
                .hasMessageContaining("MAINTENANCE, page=<p>soon</p>, retryAfter=PT1H")
                .hasMessageContaining("by alice");
        assertThatThrownBy(() -> run(AdmitCommand.ALL.get(2), "--page", "page")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> run(AdmitCommand.ALL.get(2), "--retry-after=soon"))
                .isInstanceOf(InvalidException.class);
    }
}
