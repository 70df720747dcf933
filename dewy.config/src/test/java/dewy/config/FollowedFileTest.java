package dewy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowedFileTest {
    private static final String GOOD = "apps: {web: {registry: 'file:///r'}}";

    @TempDir
    Path folder;

    private final List<String> added = new ArrayList<>();
    private Optional<String> refused = Optional.empty();
    private Path file = Path.of("");
    private FollowedFile followed = new FollowedFile(file, agent());

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("dewy.yaml");
        followed = new FollowedFile(file, agent());
        Files.writeString(file, GOOD);
        followed.begin();
    }

    @Test
    void tellsTheAgentWhyWhatIsWrittenAnewIsNotInForce() throws Exception {
        change("apps: {web: {registry: 'file:///r'}, api: [}");
        assertThat(refused.orElseThrow()).contains("this is not YAML");
        assertThat(added).containsExactly("web");

        change("apps: {web: {registry: 'file:///r'}, api: {registry: 'file:///r'}}");
        assertThat(refused).isEmpty();
        assertThat(added).containsExactly("web", "api");
    }

    @Test
    void tellsTheAgentThatWhatIsInForceIsWrittenAgain() throws Exception {
        change("apps: []");
        assertThat(refused).isPresent();
        change(GOOD);
        assertThat(refused).isEmpty();
        change("apps: []");
        assertThat(refused).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apps: {web: {port: 8080}, api: {port: 8080}}",
                "apps: {web: {port: [8079, 8080]}, api: {port: 8080-8081}}",
                "apps: {web: {port: '8080'}, api: {port: '8080:3000'}}",
                "apps: {web: {port: 127.0.0.1:80}, api: {port: 127.0.0.1:80}}",
                "apps: {web: {port: /run/web.sock}, api: {port: /run/web.sock}}",
                "{defaults: {port: 8080}, apps: {web: {}, api: {}}}"
            })
    void refusesAPortThatTwoAppsWouldHave(String text) {
        assertThatThrownBy(() -> AppSet.checked(agent(), file, text))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("is a port of apps.web already");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apps: {web: {port: 8080}, api: {port: 8081}}",
                "apps: {web: {port: 127.0.0.1:80}, api: {port: 127.0.0.2:80}}",
                "apps: {web: {port: 0}, api: {port: 0}}",
                "apps: {web: {port: none}, api: {port: none}}"
            })
    void takesPortsThatAreNotTheSame(String text) throws Exception {
        assertThat(AppSet.checked(agent(), file, text)).containsOnlyKeys("web", "api");
    }

    private void change(String text) throws Exception {
        Files.writeString(file, text);
        followed.look();
        followed.look(); // What is found twice counts.
    }

    private Agent agent() {
        return (Agent) Proxy.newProxyInstance(
                Agent.class.getClassLoader(),
                new Class<?>[] {Agent.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "check" -> name(arguments[0]);
                    case "add" -> {
                        added.add(name(arguments[0]));
                        yield name(arguments[0]);
                    }
                    case "refused" -> {
                        refused = ((Optional<?>) arguments[1]).map(String::valueOf);
                        yield "";
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static String name(Object definition) {
        return ((AppDefinition) definition)
                .options()
                .getOrDefault("name", List.of(""))
                .get(0);
    }
}
