package dewy.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.registry.oci.Logins.Login;
import dewy.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where credentials come from, and in which order. */
@Timeout(60)
class LoginsTest {
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() {
        environment.put("DOCKER_CONFIG", folder.toString());
        environment.put("PATH", "/usr/bin:/bin:" + folder);
    }

    @Test
    void goesFromWhatIsNamedToWhatIsThere() throws Exception {
        environment.put("GH_TOKEN", "of GitHub");
        assertThat(find("img://ghcr.io/acme/app").login())
                .isEqualTo(new RegistryLogin("ghcr.io", Kind.PASSWORD, "token", "of GitHub"));

        environment.put("REGISTRY_AUTH_FILE", folder.resolve("auth.json").toString());
        write("auth.json", "{\"auths\":{\"ghcr.io\":{\"auth\":\"" + base64("podman:one") + "\"}}}");
        assertThat(find("img://ghcr.io/acme/app").login().user()).isEqualTo("podman");

        write("config.json", "{\"auths\":{\"ghcr.io\":{\"auth\":\"" + base64("docker:two:parts") + "\"}}}");
        assertThat(find("img://ghcr.io/acme/app").login())
                .isEqualTo(new RegistryLogin("ghcr.io", Kind.PASSWORD, "docker", "two:parts"));

        environment.put("DOCKER_USERNAME", "variable");
        environment.put("DOCKER_PASSWORD", "file:" + write("password", "three\n"));
        Login variable = find("img://ghcr.io/acme/app");
        assertThat(variable.login()).isEqualTo(new RegistryLogin("ghcr.io", Kind.PASSWORD, "variable", "three"));
        assertThat(variable).hasToString("DOCKER_USERNAME and DOCKER_PASSWORD");

        Path own = write("own", "four");
        assertThat(find("img://ghcr.io/acme/app?username=url&password=file:" + own)
                        .login()
                        .secret())
                .isEqualTo("four");
    }

    @Test
    void aTokenOfGitHubIsForItsRegistryAlone() throws Exception {
        environment.put("GITHUB_TOKEN", "of GitHub");
        assertThat(logins("img://ghcr.io/acme/app")).isPresent();
        assertThat(logins("img://nginx")).isEmpty();
        assertThat(logins("img://ghcr.io.example.com/app")).isEmpty();
    }

    @Test
    void takesTheEntryForTheSmallestPartOfARegistry() throws Exception {
        write(
                "config.json",
                "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + base64("all:x") + "\"},"
                        + "\"docker.io/acme\":{\"username\":\"acme\",\"password\":\"x\"},"
                        + "\"docker.io/acme/other\":{\"auth\":\"" + base64("other:x") + "\"},\"quay.io\":{}}}");
        assertThat(find("img://nginx").login())
                .isEqualTo(new RegistryLogin("https://index.docker.io/v1/", Kind.PASSWORD, "all", "x"));
        assertThat(find("img://acme/app").login().user()).isEqualTo("acme");
        assertThat(logins("img://quay.io/acme/app")).isEmpty();
        assertThat(logins("img://ghcr.io/acme/app")).isEmpty();
    }

    @Test
    void asksTheHelperOfARegistryBeforeThatOfAll() throws Exception {
        helper(
                "one",
                "read server; printf '{\"ServerURL\":\"%s\",\"Username\":\"AWS\",\"Secret\":\"for %s\"}' x $server");
        helper("all", "printf '{\"Username\":\"<token>\",\"Secret\":\"identity\"}'");
        write("config.json", "{\"credsStore\":\"all\",\"credHelpers\":{\"ecr.example.com\":\"one\"},\"auths\":{}}");
        Login one = find("img://ecr.example.com/acme/app");
        assertThat(one.login())
                .isEqualTo(new RegistryLogin("ecr.example.com", Kind.PASSWORD, "AWS", "for ecr.example.com"));
        assertThat(one).hasToString("the credential helper one");
        assertThat(find("img://nginx").login())
                .isEqualTo(new RegistryLogin("https://index.docker.io/v1/", Kind.IDENTITY_TOKEN, "", "identity"));
    }

    @Test
    void takesWhatIsInTheFileWhereAHelperHasNothing() throws Exception {
        helper("all", "echo 'credentials not found in native keychain'; exit 1");
        write(
                "config.json",
                "{\"credsStore\":\"all\",\"auths\":{\"ghcr.io\":{\"auth\":\"" + base64("docker:x") + "\"}}}");
        assertThat(find("img://ghcr.io/acme/app").login().user()).isEqualTo("docker");
        assertThat(logins("img://nginx")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo 'the keychain is locked'; exit 1", "echo 'no JSON'", "exit 3"})
    void saysWhatAHelperSaidThatFailed(String script) throws Exception {
        helper("all", script);
        write("config.json", "{\"credsStore\":\"all\"}");
        String told =
                script.contains("locked") ? "the keychain is locked" : script.contains("JSON") ? "cannot be used" : "3";
        assertThatThrownBy(() -> logins("img://ghcr.io/acme/app"))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("docker-credential-all")
                .hasMessageContaining(told)
                .hasMessageContaining("echo ghcr.io | docker-credential-all get");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "../evil", ""})
    void runsNothingThatIsNoHelper(String name) throws Exception {
        write("config.json", "{\"credHelpers\":{\"ghcr.io\":\"" + name + "\"}}");
        if (name.isEmpty()) {
            assertThat(logins("img://ghcr.io/acme/app")).isEmpty();
        } else {
            assertThatThrownBy(() -> logins("img://ghcr.io/acme/app")).isInstanceOf(UnauthorizedException.class);
        }
    }

    @Test
    void endsAHelperWithTheCall() throws Exception {
        Path pid = folder.resolve("pid");
        helper("slow", "sleep 600 & echo $! > " + pid + ".part; mv " + pid + ".part " + pid + "; wait");
        write("config.json", "{\"credsStore\":\"slow\"}");
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(60))) {
            Thread cancelling = new Thread(() -> {
                Await.until(() -> "the helper runs", () -> Files.exists(pid));
                call.cancel("for the test");
            });
            cancelling.start();
            assertThatThrownBy(() -> logins("img://ghcr.io/acme/app", call)).isInstanceOf(CancelledException.class);
            cancelling.join();
        }
        long sleeping = Long.parseLong(Files.readString(pid).strip());
        Await.until(() -> "what the helper started has ended", () -> hasEnded(sleeping));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "[]",
                "{\"auths\":{\"ghcr.io\":{\"auth\":\"!\"}}}",
                "{\"auths\":{\"ghcr.io\":{\"auth\":\"eA==\"}}}"
            })
    void namesAFileThatCannotBeUsed(String content) throws Exception {
        Path file = write("config.json", content);
        assertThatThrownBy(() -> logins("img://ghcr.io/acme/app"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void namesTheVariableThatIsMissing() throws Exception {
        environment.put("DOCKER_USERNAME", "robot");
        assertThatThrownBy(() -> new OpenRegistry("img://nginx", folder, environment, java.time.InstantSource.system()))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("DOCKER_USERNAME without DOCKER_PASSWORD");
    }

    private Login find(String url) throws Exception {
        return logins(url).orElseThrow();
    }

    private Optional<Login> logins(String url) throws Exception {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(60))) {
            return logins(url, call);
        }
    }

    private Optional<Login> logins(String text, CancellableCall call) throws DewyException {
        PluginUrl url = PluginUrl.parse(text);
        Parameters parameters = Parameters.of(url);
        ImageRepository repository = ImageRepository.of(url, parameters, false);
        Optional<Logins.Given> given = Logins.given(parameters);
        parameters.finish();
        return new Logins(name -> Optional.ofNullable(environment.get(name)), repository, given).find(call);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private void helper(String name, String script) throws IOException {
        Path program = write("docker-credential-" + name, "#!/bin/sh\n[ \"$1\" = get ] || exit 9\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** One that nobody has waited for yet has ended too. */
    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return true;
        }
    }
}
