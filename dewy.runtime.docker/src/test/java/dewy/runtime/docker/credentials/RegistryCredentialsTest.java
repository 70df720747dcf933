package dewy.runtime.docker.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.runtime.docker.credentials.RegistryCredentials.Login;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryCredentialsTest {
    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30));
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void nameFolder() {
        variables.put("DOCKER_CONFIG", folder.toString());
        variables.put("PATH", "/bin:" + folder);
    }

    @AfterEach
    void closeCall() {
        call.close();
    }

    @Test
    void asksAsNobodyWhereNothingIsSaid() throws Exception {
        assertThat(find("registry.example")).isEmpty();
        config("{}");
        assertThat(find("registry.example")).isEmpty();
    }

    @Test
    void takesTheVariablesBeforeAllElse() throws Exception {
        config(auths("registry.example", "file:of-file"));
        variables.put("DOCKER_USERNAME", "me");
        assertThat(find("registry.example")).contains(new Login("file", "of-file"));
        variables.put("DOCKER_PASSWORD", "file:" + Files.writeString(folder.resolve("password"), "secret\n"));
        assertThat(find("registry.example")).contains(new Login("me", "secret"));
    }

    @Test
    void findsLoginsByTheHostHoweverItIsWritten() throws Exception {
        config(auths("https://registry.example:5000/v1/", "me:pass:word"));
        assertThat(find("registry.example:5000")).contains(new Login("me", "pass:word"));
        assertThat(find("registry.example")).isEmpty();
        config(auths(RegistryCredentials.DOCKER_HUB, "hub:secret"));
        assertThat(find(RegistryCredentials.DOCKER_HUB)).contains(new Login("hub", "secret"));
    }

    @Test
    void takesATokenThatProvesWhoAsks() throws Exception {
        config("{\"auths\": {\"registry.example\": {\"identitytoken\": \"token\"}}}");
        assertThat(find("registry.example")).contains(new Login(RegistryCredentials.TOKEN, "token"));
    }

    @Test
    void asksTheHelperOfTheRegistryBeforeThatOfAll() throws Exception {
        String one = helper("cat >/dev/null; echo '{\"Username\": \"one\", \"Secret\": \"1\"}'");
        String all = helper("read host; echo \"{\\\"Username\\\": \\\"$host\\\", \\\"Secret\\\": \\\"2\\\"}\"");
        config("{\"credHelpers\": {\"a.example\": \"%s\"}, \"credsStore\": \"%s\"}".formatted(one, all));
        assertThat(find("a.example")).contains(new Login("one", "1"));
        assertThat(find("b.example")).contains(new Login("b.example", "2"));
    }

    @Test
    void readsTheFileWhereAHelperHasNothing() throws Exception {
        String none = helper("cat >/dev/null; echo credentials not found in native keychain; exit 1");
        config("{\"credsStore\": \"%s\", %s"
                .formatted(none, auths("a.example", "me:secret").substring(1)));
        assertThat(find("a.example")).contains(new Login("me", "secret"));
    }

    @Test
    void saysThatAHelperFailed() throws Exception {
        config("{\"credsStore\": \"no-such-helper\"}");
        assertThatThrownBy(() -> find("a.example"))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("docker-credential-no-such-helper")
                .hasMessageContaining("it cannot be run");
        config("{\"credsStore\": \"%s\"}".formatted(helper("echo locked; exit 1")));
        assertThatThrownBy(() -> find("a.example"))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("it failed: locked");
    }

    @Test
    void saysThatTheFileCannotBeRead() throws Exception {
        config("{\"auths\":");
        assertThatThrownBy(() -> find("a.example"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(folder.resolve("config.json").toString());
    }

    private Optional<Login> find(String registry) throws Exception {
        RegistryCredentials credentials = new RegistryCredentials(name -> Optional.ofNullable(variables.get(name)));
        return credentials.find(call, registry);
    }

    private void config(String text) throws Exception {
        Files.writeString(folder.resolve("config.json"), text);
    }

    private static String auths(String registry, String pair) {
        return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
                .formatted(registry, Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the name of a helper, which stands in the folder that PATH names. */
    private String helper(String script) throws Exception {
        Path file = Files.createTempFile(folder, "docker-credential-", "");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.getFileName().toString().replaceFirst("docker-credential-", "");
    }
}
