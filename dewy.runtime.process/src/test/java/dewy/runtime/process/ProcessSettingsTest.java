package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.runtime.process.ready.Readiness;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessSettingsTest {
    @Test
    void hasDefaults() throws Exception {
        ProcessSettings settings = parse("process:");

        assertThat(settings)
                .isEqualTo(new ProcessSettings(
                        List.of("current/app", "--verbose"),
                        List.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        Readiness.alive(Duration.ofSeconds(1)),
                        Duration.ofSeconds(30),
                        5,
                        64 << 20,
                        "PORT",
                        Duration.ZERO));
    }

    @Test
    void readsEveryParameter() throws Exception {
        ProcessSettings settings = parse(
                "process:?port=127.0.0.1:8080,8090-8091&port=/run/app.sock&user=www&group=web"
                        + "&stop-timeout=24h&ready-time=0&max-restarts=0&log-size=1MB&ready=tcp://localhost:9000&ready-timeout=2m");

        assertThat(settings.ports())
                .containsExactly(
                        new ListeningAddress("127.0.0.1", 8080),
                        new ListeningAddress("", 8090),
                        new ListeningAddress("", 8091),
                        new ListeningAddress("/run/app.sock", 0));
        assertThat(settings.user()).contains("www");
        assertThat(settings.group()).contains("web");
        assertThat(settings.stopTimeout()).hasHours(24);
        assertThat(settings.readiness()).isEqualTo(Readiness.parse("tcp://localhost:9000", Duration.ZERO));
        assertThat(settings.readyTimeout()).hasMinutes(2);
        assertThat(settings.maxRestarts()).isZero();
        assertThat(settings.logSize()).isEqualTo(1 << 20);
    }

    @Test
    void takesOnePortAsStandardInput() throws Exception {
        assertThat(parse("process:?stdin-socket&port=8080").stdinSocket()).isTrue();
    }

    @Test
    void namesEverythingThatIsWrong() {
        assertThatThrownBy(() -> parse(
                        "process://host/path?port=http&port=1,1&stdin-socket&stop-timeout=soon&ready-time=86401&retries=3"
                                + "&user=&max-restarts=-1&log-size=65535&ready=https://localhost&ready-timeout=never"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("nothing may stand between")
                .hasMessageContaining("\"http\" is not a port")
                .hasMessageContaining("port 1 is named twice")
                .hasMessageContaining("stdin-socket needs exactly one port, not 2")
                .hasMessageContaining("stop-timeout=soon")
                .hasMessageContaining("ready-time is longer than a day")
                .hasMessageContaining("ready=https://localhost: it is none of alive, notify")
                .hasMessageContaining("ready-timeout=never")
                .hasMessageContaining("unknown parameter \"retries\"")
                .hasMessageContaining("user is empty")
                .hasMessageContaining("max-restarts=-1")
                .hasMessageContaining("log-size=65535 is less than 64KB");
    }

    @Test
    void takesTheSmallestLogSizeAndSeveralFreePorts() throws Exception {
        ProcessSettings settings = parse("process:?log-size=64KB&port=0,0");

        assertThat(settings.logSize()).isEqualTo(64 << 10);
        assertThat(settings.ports()).hasSize(2);
    }

    @Test
    void refusesAListThatEndsInAComma() {
        assertThatThrownBy(() -> parse("process:?port=8080,"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("a port is missing beside a comma");
    }

    @Test
    void refusesAnAppWithoutACommand() {
        TestApp app = ServerApp.of(Path.of("/srv/app"), new Recorder());

        assertThatThrownBy(() -> ProcessSettings.parse(PluginUrl.parse("process:"), app))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no command to start. Give it behind --");
    }

    private static ProcessSettings parse(String url) throws InvalidException {
        return ProcessSettings.parse(
                PluginUrl.parse(url), ServerApp.of(Path.of("/srv/app"), new Recorder(), "current/app", "--verbose"));
    }
}
