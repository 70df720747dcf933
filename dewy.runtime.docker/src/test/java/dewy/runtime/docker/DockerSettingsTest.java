package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerSettingsTest {
    @TempDir
    Path folder;

    @Test
    void areOneReplicaThatIsExchangedBesideTheOldOne() throws Exception {
        DockerSettings settings = parse("docker:", app());
        assertThat(settings.replicas().replicas()).isEqualTo(1);
        assertThat(settings.replicas().maxSurge()).isEqualTo(1);
        assertThat(settings.replicas().maxUnavailable()).isZero();
        assertThat(settings.replicas().drainTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.replicas().stopTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(parse("docker:?replicas=3", app()).replicas().maxSurge()).isEqualTo(3);
    }

    @Test
    void takeTheTimeToStopFromTheOptionsOfDockerFirst() throws Exception {
        DockerSettings settings = parse("docker:?stop-timeout=5s", app().running("--stop-timeout", "7"));
        assertThat(settings.replicas().stopTimeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void haveOnePortForOneListenerOnly() throws Exception {
        assertThat(parse("docker:?container-port=80", app().routing(TestBalancer.on("8000")))
                        .containerPort())
                .hasValue(80);
        assertThatThrownBy(() -> parse("docker:?container-port=80", app().routing(TestBalancer.on("8000,8001"))))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("container-port is for one port");
    }

    @Test
    void allowAFixedNameWhereThereIsOneAtATime() throws Exception {
        TestApp fixed = app().running("--name", "web");
        assertThatThrownBy(() -> parse("docker:", fixed)).hasMessageContaining("--name web");
        assertThatThrownBy(() -> parse("docker:?replicas=2&max-surge=0&max-unavailable=1", fixed))
                .hasMessageContaining("--name web");
        assertThat(parse("docker:?max-surge=0&max-unavailable=1", fixed)
                        .template()
                        .name())
                .contains("web");
    }

    @Test
    void haveRoomForTwoWhereAllAreExchangedAtOnce() throws Exception {
        assertThat(parse("docker:?strategy=blue-green", app()).replicas().keepBlue())
                .isEqualTo(Duration.ofMinutes(5));
        assertThatThrownBy(() -> parse("docker:?strategy=blue-green", app().running("--name", "web")))
                .hasMessageContaining("--name web");
    }

    @Test
    void areDescribedInTheDocumentation() throws Exception {
        String advice = catchThrowableOfType(InvalidException.class, () -> parse("docker:?none", app()))
                .problem()
                .advice();
        List<String> taken = List.of(advice.replaceFirst("It takes ", "").split(", ", -1));
        List<String> described = Files.readAllLines(Path.of("../docs/containers.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .collect(Collectors.toList());
        described.add("port");
        assertThat(described).containsExactlyInAnyOrderElementsOf(taken);
    }

    private TestApp app() {
        return TestApp.in(folder);
    }

    private static DockerSettings parse(String url, TestApp app) throws InvalidException {
        return DockerSettings.parse(PluginUrl.parse(url), app);
    }
}
