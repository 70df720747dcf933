package dewy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.release.Digest;
import dewy.tck.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineAddressTest {
    @TempDir
    Path folder;

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void nameFolder() {
        variables.put("DOCKER_CONFIG", folder.toString());
    }

    @Test
    void isTheSocketOfTheHostWhereNothingElseIsSaid() throws Exception {
        assertThat(find("docker")).isEqualTo("unix:///var/run/docker.sock");
        assertThat(find("podman")).isEqualTo("unix:///run/podman/podman.sock");
    }

    @Test
    void isTheSocketOfTheUserWhereThatIsThere() throws Exception {
        variables.put("XDG_RUNTIME_DIR", folder.toString());
        assertThat(find("podman")).isEqualTo("unix:///run/podman/podman.sock");
        Path socket = Files.createFile(
                Files.createDirectories(folder.resolve("podman")).resolve("podman.sock"));
        assertThat(find("podman")).isEqualTo("unix://" + socket);
    }

    @Test
    void isWhatTheEnvironmentSays() throws Exception {
        variables.put("DOCKER_HOST", "tcp://127.0.0.1:2375");
        variables.put("DOCKER_CONTEXT", "no-such-context");
        variables.put("CONTAINER_HOST", "unix:///run/user/1000/podman/podman.sock");
        assertThat(find("docker")).isEqualTo("tcp://127.0.0.1:2375");
        assertThat(find("podman")).isEqualTo("unix:///run/user/1000/podman/podman.sock");
    }

    @Test
    void refusesWhatIsNotSpoken() {
        variables.put("DOCKER_HOST", "ssh://me@host");
        assertThatThrownBy(() -> find("docker"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("DOCKER_HOST=ssh://me@host: only unix sockets and TCP are spoken");
    }

    @Test
    void isThatOfTheContextInUse() throws Exception {
        context("staging", "unix:///run/staging.sock");
        context("production", "tcp://production:2376");
        Files.writeString(folder.resolve("config.json"), "{\"currentContext\": \"staging\"}");
        assertThat(find("docker")).isEqualTo("unix:///run/staging.sock");
        variables.put("DOCKER_CONTEXT", "production");
        assertThat(find("docker")).isEqualTo("tcp://production:2376");
        variables.put("DOCKER_CONTEXT", "default");
        assertThat(find("docker")).isEqualTo("unix:///var/run/docker.sock");
    }

    @Test
    void saysThatThereIsNoSuchContext() {
        variables.put("DOCKER_CONTEXT", "none");
        assertThatThrownBy(() -> find("docker"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no such file. Check DOCKER_CONTEXT and DOCKER_CONFIG");
    }

    @Test
    void isSpokenWithByTlsWhereThatIsWanted() throws Exception {
        variables.put("DOCKER_HOST", "tcp://127.0.0.1:2376");
        variables.put("DOCKER_CERT_PATH", folder.toString());
        Path authority = TestCertificate.in(folder).pem();
        assertThat(EngineAddress.find("docker", this::variable).tls()).isEmpty();
        variables.put("DOCKER_TLS_VERIFY", "1");
        assertThat(EngineAddress.find("docker", this::variable).tls()).isPresent();
        Files.writeString(authority, "none");
        assertThatThrownBy(() -> find("docker")).isInstanceOf(InvalidException.class);
    }

    private String find(String scheme) throws InvalidException {
        return EngineAddress.find(scheme, this::variable).toString();
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    private void context(String name, String host) throws Exception {
        String id = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
        Path meta = Files.createDirectories(folder.resolve("contexts/meta").resolve(id));
        Files.writeString(
                meta.resolve("meta.json"), "{\"Endpoints\": {\"docker\": {\"Host\": \"%s\"}}}".formatted(host));
    }
}
