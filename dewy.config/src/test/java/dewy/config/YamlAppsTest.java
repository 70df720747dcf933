package dewy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlAppsTest {
    private static final Path FILE = Path.of("/etc/dewy/dewy.yaml");

    @Test
    void readsEveryValueAsItStandsThere() throws InvalidException {
        AppDefinition app = only(
                """
                apps:
                  web:
                    registry: file:///r
                    interval: 10
                    stdin-socket: true
                    port: [8080, 127.0.0.1:0x1F]
                    slot: 1.10
                    run: [current/app, --date, 2026-01-01]
                """);
        assertThat(app.command()).isEqualTo("server");
        assertThat(app.options())
                .containsEntry("name", List.of("web"))
                .containsEntry("interval", List.of("10"))
                .containsEntry("stdin-socket", List.of("true"))
                .containsEntry("port", List.of("8080", "127.0.0.1:0x1F"))
                .containsEntry("slot", List.of("1.10"));
        assertThat(app.arguments()).containsExactly("current/app", "--date", "2026-01-01");
    }

    @Test
    void placesAnAppBesideTheFileUnlessItSaysWhere() throws InvalidException {
        assertThat(only("apps: {site: {registry: 'file:///r'}}").options())
                .containsEntry("dir", List.of("/etc/dewy/site"));
        assertThat(only("apps: {site: {registry: 'file:///r', dir: ../srv}}").options())
                .containsEntry("dir", List.of("/etc/srv"));
    }

    @Test
    void takesAnAppWithoutACommandLineForAssets() throws InvalidException {
        assertThat(only("apps: {site: {registry: 'file:///r'}}").command()).isEqualTo("assets");
    }

    @Test
    void fillsInTheDefaultsThatAnAppDoesNotReplace() throws InvalidException {
        List<WrittenApp> apps = parse(
                """
                defaults:
                  interval: 1m
                  keep-releases: 3
                apps:
                  one: {registry: 'file:///1'}
                  two:
                    registry: file:///2
                    interval: 5s
                """);
        assertThat(apps.get(0).definition().options())
                .containsEntry("interval", List.of("1m"))
                .containsEntry("keep-releases", List.of("3"));
        assertThat(apps.get(1).definition().options())
                .containsEntry("interval", List.of("5s"))
                .containsEntry("keep-releases", List.of("3"));
        assertThat(apps.get(0).line("interval")).isEqualTo(2);
        assertThat(apps.get(1).line("interval")).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                        | there is no key \"apps\"",
                "'apps: ['                                 | line 1: this is not YAML",
                "'apps: {a: {}}\nb: c: d'                   | Quote a text that has a colon, as in \"log:\"",
                "'apps:\n  a:\n    notifier: log:'          | line 3: this is not YAML",
                "'apps:\n  a:\n    notifier: log:'          | Quote a text that has a colon, as in \"log:\"",
                "'apps: {a: {notifier: log:}}'             | Quote a text that has a colon, as in \"log:\"",
                "'apps:\n  a:\n    notifier:\n    - log:'    | Quote a text that has a colon, as in \"log:\"",
                "'apps: {a: {notifier: [log:]}}'           | Quote a text that has a colon, as in \"log:\"",
                "'apps: {a: {}\nb: c'                      | this is not YAML",
                "'apps: 3'                                 | line 1: apps is not a set of keys",
                "'apps: {a: 3}'                            | line 1: apps.a is not a set of keys",
                "'apps:\n  a: {}\n  a: {}'                 | line 3: apps has the key \"a\" twice",
                "'apps:\n  a:\n    slot: x\n    slot: y'   | line 4: apps.a has the key \"slot\" twice",
                "'apps:\n  a:\n    slot:'                  | line 3: apps.a.slot has no value",
                "'apps:\n  a:\n    slot: {b: c}'           | line 3: apps.a.slot is not a text",
                "'apps:\n  a:\n    name: b'                | line 3: apps.a.name",
                "'apps: {}\nextra: 1'                      | line 2: unknown key \"extra\"",
                "'apps: {? [1] : 2}'                       | a key that is no text",
            })
    void namesLineAndKeyOfEachMistake(String text, String expected) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(FILE.toString())
                .hasMessageContaining(expected);
    }

    @Test
    void namesAllMistakesAtOnce() {
        assertThatThrownBy(() -> parse("extra: 1\napps:\n  a:\n    slot:\n  b: 3\n"))
                .hasMessage(
                        """
                        Cannot use the file %s: 3 mistakes
                          line 1: unknown key "extra"; there are apps and defaults
                          line 4: apps.a.slot has no value
                          line 5: apps.b is not a set of keys and values"""
                                .formatted(FILE))
                .satisfies(e -> assertThat(Mistakes.inOneLine(String.valueOf(e.getMessage())))
                        .contains(": 3 mistakes: line 1: ", "; line 4: ", "; line 5: ")
                        .doesNotContain("\n"));
    }

    @Test
    void namesWhatIsWrongWithADefaultOnce() {
        assertThatThrownBy(() -> parse("defaults:\n  slot:\napps:\n  a: {}\n  b: {}\n"))
                .hasMessageContaining("line 2: defaults.slot has no value")
                .hasMessageNotContaining("mistakes");
    }

    @Test
    void readsBackWhatItWrites() throws InvalidException {
        AppDefinition app = only(
                """
                apps:
                  web:
                    registry: "file:///r?a=b&c=#d"
                    port: ['80', '81']
                    stdin-socket: 'true'
                    run: [current/app, "two words", '', "a: b", "\\u00e9"]
                """);
        assertThat(only(YamlText.of(List.of(app)))).isEqualTo(app);
    }

    private static AppDefinition only(String text) throws InvalidException {
        List<WrittenApp> apps = parse(text);
        assertThat(apps).hasSize(1);
        return apps.get(0).definition();
    }

    private static List<WrittenApp> parse(String text) throws InvalidException {
        Mistakes mistakes = new Mistakes(FILE);
        List<WrittenApp> apps = YamlApps.parse(FILE, text, mistakes);
        mistakes.report();
        return apps;
    }
}
