package dewy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationPropertiesTest {
    @Test
    void takesEveryValueAsTheTextThatItIs() throws InvalidException {
        Map<String, List<String>> keys = ConfigurationProperties.keys(Map.of(
                "service.pid",
                "dewy.app~web",
                "interval",
                10,
                "stdin-socket",
                true,
                "port",
                new int[] {80, 81},
                "run",
                new String[] {"current/app", "--date"},
                "notifier",
                List.of("log:")));
        assertThat(keys)
                .containsEntry("interval", List.of("10"))
                .containsEntry("stdin-socket", List.of("true"))
                .containsEntry("port", List.of("80", "81"))
                .containsEntry("run", List.of("current/app", "--date"))
                .containsEntry("notifier", List.of("log:"));
    }

    @Test
    void leavesOutWhatOthersAddToAConfiguration() throws InvalidException {
        Map<String, List<String>> keys = ConfigurationProperties.keys(Map.of(
                "service.pid", "dewy.app~web",
                "service.factoryPid", "dewy.app",
                "component.name", "dewy.config.app",
                "felix.fileinstall.filename", "web.cfg",
                ":configurator:feature", "x"));
        assertThat(keys).containsOnlyKeys("name");
    }

    @Test
    void keepsAKeyThatNobodyKnowsForTheAgentToRefuse() throws InvalidException {
        assertThat(ConfigurationProperties.keys(Map.of("service.pid", "dewy.app~web", "keep.releases", 3)))
                .containsKey("keep.releases");
    }

    @Test
    void takesTheNameFromThePidOrElseFromItsKey() throws InvalidException {
        assertThat(ConfigurationProperties.keys(Map.of("service.pid", "dewy.app~web")))
                .containsEntry("name", List.of("web"));
        assertThat(ConfigurationProperties.keys(Map.of("service.pid", "dewy.app.1f0c", "name", "web")))
                .containsEntry("name", List.of("web"));
    }

    @Test
    void refusesTwoNamesAndNone() {
        assertThatThrownBy(() -> ConfigurationProperties.keys(Map.of("service.pid", "dewy.app~web", "name", "web")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("dewy.app~web");
        assertThatThrownBy(() -> ConfigurationProperties.keys(Map.of("service.pid", "dewy.app.1f0c")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("nothing names the app");
    }

    @Test
    void placesAnAppUnderItsNameInTheFolderUnlessItSaysWhere() {
        assertThat(definition(Map.of("name", List.of("web"))).options()).containsEntry("dir", List.of("/srv/web"));
        assertThat(definition(Map.of("name", List.of("web"), "dir", List.of("../opt")))
                        .options())
                .containsEntry("dir", List.of("/opt"));
    }

    private static AppDefinition definition(Map<String, List<String>> keys) {
        return AppKeys.definition(keys, Path.of("/srv"), "dewy.app~web");
    }
}
