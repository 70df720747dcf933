package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.AppDefinition;
import dewy.api.plugin.PluginUrl;
import dewy.core.cycle.DeployWindows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppSpecReaderTest {
    @Test
    void fillsInWhatWasLeftOut() throws InvalidException {
        AppSpec spec = read("server", Map.of("dir", "/srv/web", "registry", "file:///r"));
        assertThat(spec.name()).isEqualTo("web");
        assertThat(spec.artifact()).isEqualTo(spec.registry());
        assertThat(spec.cache().scheme()).isEqualTo("file");
        assertThat(spec.cycle().interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(spec.cycle().keepReleases()).isEqualTo(7);
        assertThat(spec.rules().gracePeriod()).isEqualTo(Duration.ofMinutes(30));
        assertThat(spec.hooks().abortOnFailure()).isFalse();
    }

    @Test
    void keepsItsOwnRegistryParametersFromThePlugin() throws InvalidException {
        AppSpec spec = read("assets", Map.of("registry", "file:///r?pre-release=true&artifact=a.zip&settle=1s"));
        assertThat(spec.registry().parameters()).containsOnlyKeys("settle");
        assertThat(spec.rules().preRelease()).isTrue();
        assertThat(spec.rules().artifacts().name()).hasValue("a.zip");
    }

    @Test
    void keepsFromTheCacheWhatTheHostsDoTogether() throws InvalidException {
        String cache = "redis://127.0.0.1?fleet=web&registry-ttl=30s&max-size=1GB";
        AppSpec spec = read("assets", Map.of("registry", "file:///r", "name", "web-1", "cache", cache));
        assertThat(spec.cache().parameters()).containsOnlyKeys("max-size");
        assertThat(spec.fleet().name()).hasValue("web");
        assertThat(spec.fleet().registryTtl()).hasValue(Duration.ofSeconds(30));
        assertThatThrownBy(
                        () -> read("assets", Map.of("registry", "file:///r", "cache", "redis://127.0.0.1?fleet=a/b")))
                .hasMessageContaining("fleet=a/b is not made of letters, digits, dots, dashes and underscores");
    }

    @Test
    void passesOptionsItDoesNotKnowToTheRuntime() throws InvalidException {
        AppSpec spec = read("server", Map.of("registry", "file:///r", "port", "8080", "user", "www"));
        assertThat(spec.runtime().orElseThrow().scheme()).isEqualTo("process");
        assertThat(spec.runtime().orElseThrow().parameters())
                .isEqualTo(Map.of("port", List.of("8080"), "user", List.of("www")));
    }

    @Test
    void allowsPlainHttpOnlyWhereThatWasAskedFor() throws InvalidException {
        assertThat(read("assets", Map.of("registry", "file:///r")).allowsHttp()).isFalse();
        assertThat(read("assets", Map.of("registry", "file:///r", "allow-http", "true"))
                        .allowsHttp())
                .isTrue();
    }

    @Test
    void readsDeployWindows() throws InvalidException {
        AppSpec spec = read("assets", Map.of("registry", "file:///r", "deploy-window", "Mon-Fri 09:00-17:00 UTC"));
        assertThat(spec.cycle().windows().text()).isEqualTo("Mon-Fri 09:00-17:00 UTC");
        assertThat(read("assets", Map.of("registry", "file:///r")).cycle().windows())
                .isEqualTo(DeployWindows.ALWAYS);
    }

    @Test
    void saysWhatIsWrongWithADeployWindow() {
        assertThatThrownBy(() -> read("assets", Map.of("registry", "file:///r", "deploy-window", "at night")))
                .isInstanceOf(InvalidException.class)
                .hasMessageStartingWith("Cannot use the deploy window \"at night\": it is not made of days")
                .satisfies(wrong -> assertThat(((InvalidException) wrong).mistakes())
                        .extracting(InvalidException.Mistake::name)
                        .containsExactly("deploy-window"));
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read(
                        "server",
                        Map.of("registry", "file:///r", "interval", "soon", "keep-releases", "0", "name", "a b")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("interval=soon")
                .hasMessageContaining("keep-releases=0")
                .hasMessageContaining("name=a b");
    }

    @Test
    void namesEveryWrongUrlBesideEverythingElse() {
        Map<String, String> options = Map.of(
                "registry", "/srv/releases?pre-release=maybe",
                "artifact", "releases/web",
                "cache", "file:///c?%",
                "calver", "WEEK",
                "track", "tag",
                "constraint", "newest",
                "interval", "soon",
                "notifier", "to me");
        assertThatThrownBy(() -> read("server", options))
                .isInstanceOfSatisfying(InvalidException.class, e -> assertThat(e.names())
                        .containsExactlyInAnyOrderElementsOf(options.keySet()))
                .hasMessageContaining(
                        "registry: it does not start with a scheme. A folder is written" + " file:///srv/releases")
                .hasMessageContaining(
                        "A folder is written file://" + Path.of("releases/web").toAbsolutePath());
    }

    @Test
    void hasARelativeFolderBeginWhereTheAppIsWrittenDown() {
        AppDefinition app = new AppDefinition(
                "assets", Map.of("registry", List.of("../releases")), List.of(), "/etc/dewy/dewy.yaml");
        assertThatThrownBy(() -> AppSpecReader.read(app)).hasMessageEndingWith("written file:///etc/releases");
    }

    @Test
    void refusesToPollWithoutAPause() {
        assertThatThrownBy(() -> read("assets", Map.of("registry", "file:///r", "interval", "0")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("interval=0 leaves no pause");
    }

    @Test
    void runsContainersByDockerBehindTheBuiltInProxyUnlessToldOtherwise() throws Exception {
        AppSpec spec = read("container", Map.of("registry", "img://host/name", "port", "80:8080", "replicas", "3"));
        assertThat(spec.runtime().orElseThrow()).hasToString("docker:?replicas=3");
        assertThat(spec.proxy().orElseThrow()).hasToString("builtin:?port=80:8080");
        assertThat(read(
                                "container",
                                Map.of(
                                        "registry",
                                        "img://host/name",
                                        "proxy",
                                        "true",
                                        "proxy-port",
                                        "8000",
                                        "network",
                                        "n"))
                        .proxy()
                        .orElseThrow())
                .hasToString("caddy:?port=8000&network=n");
        assertThat(read("server", Map.of("registry", "file:///r", "proxy", "true", "port", "80"))
                        .proxy()
                        .orElseThrow())
                .hasToString("builtin:?port=80");
        assertThat(read("container", Map.of("registry", "img://host/name", "proxy", "none", "network", "n"))
                        .runtime()
                        .orElseThrow())
                .hasToString("docker:?network=n");
        assertThat(read("container", Map.of("registry", "img://host/name", "proxy", "none"))
                        .proxy())
                .isEmpty();
    }

    @Test
    void saysWhichCommandsThereAre() {
        assertThatThrownBy(() -> read("jail", Map.of("registry", "file:///r")))
                .isInstanceOf(InvalidException.class)
                .hasMessage("Cannot run an app as \"jail\": there is no such command."
                        + " Use server, assets or container");
    }

    @Test
    void hasAPluginRunTheContainersThatIsNamed() throws Exception {
        AppSpec spec = read(
                "container",
                Map.of(
                        "registry",
                        "file:///r",
                        "runtime",
                        "pods",
                        "replicas",
                        "3",
                        "proxy",
                        "lb",
                        "port",
                        "80:3000",
                        "proxy-mode",
                        "tcp"));
        assertThat(spec.runtime()).hasValue(new PluginUrl("pods", "", "", Map.of("replicas", List.of("3"))));
        assertThat(spec.proxy())
                .hasValue(new PluginUrl("lb", "", "", Map.of("port", List.of("80:3000"), "mode", List.of("tcp"))));
        assertThat(read("server", Map.of("registry", "file:///r", "proxy", "none"))
                        .proxy())
                .isEmpty();
    }

    @Test
    void namesBesideTheParametersOfARegistryThoseOfTheSelection() {
        String unknown = "unknown parameter \"prerelease\"";
        List<InvalidException.Mistake> mistakes = List.of(new InvalidException.Mistake("prerelease", unknown));
        for (List<String> own : List.of(List.<String>of(), List.of("settle"))) {
            String all = (own.isEmpty() ? "" : "settle, ") + "pre-release, artifact, calver, track";
            assertThat(AppSpecReader.withOwnParameters(
                            "registry", InvalidException.of("use the URL", "file:///r", mistakes, own)))
                    .hasMessage("Cannot use the URL file:///r: " + unknown + ". It takes " + all);
        }
        InvalidException other = InvalidException.of(
                Problem.of("use the URL", "file:///r", unknown, "It takes a while to mend"), mistakes);
        assertThat(AppSpecReader.withOwnParameters("registry", other))
                .as("no list of names")
                .isSameAs(other);
    }

    @Test
    void namesBesideTheParametersOfANotifierThoseOfWhatItIsTold() {
        String unknown = "unknown parameter \"colour\"";
        List<InvalidException.Mistake> mistakes = List.of(new InvalidException.Mistake("colour", unknown));
        assertThat(AppSpecReader.withOwnParameters(
                        "notifier",
                        InvalidException.of("use the URL", "slack://x", mistakes, List.of("title", "quiet"))))
                .hasMessage("Cannot use the URL slack://x: " + unknown + ". It takes title, quiet, events");
    }

    @Test
    void refusesARuntimeAndAProxyForWhatDoesNotRun() {
        assertThatThrownBy(() -> read("assets", Map.of("registry", "file:///r", "runtime", "pods", "proxy", "lb")))
                .hasMessageContaining("assets has no runtime")
                .hasMessageContaining("assets has no proxy");
    }

    /** What one plugin hands over, no other one understands. */
    @Test
    void doesNotGoOnWithWhatAnotherPluginRuns() throws Exception {
        Map<String, String> options = Map.of("registry", "file:///r", "runtime", "pods", "proxy", "lb", "port", "80");
        AppSpec spec = read("container", options);
        assertThat(read("container", with(options, "port", "81")).goesOnWith(spec))
                .isTrue();
        assertThat(read("container", with(options, "runtime", "jails")).goesOnWith(spec))
                .isFalse();
        assertThat(read("container", with(options, "proxy", "other")).goesOnWith(spec))
                .isFalse();
        assertThat(read("container", with(options, "proxy", "none")).goesOnWith(spec))
                .isFalse();
        assertThat(read("container", with(options, "dir", "/elsewhere")).goesOnWith(spec))
                .isFalse();
    }

    private static Map<String, String> with(Map<String, String> options, String name, String value) {
        Map<String, String> others = new HashMap<>(options);
        others.put(name, value);
        return others;
    }

    @Test
    void refusesAnAppWithoutARegistry() {
        assertThatThrownBy(() -> read("server", Map.of())).hasMessageContaining("--registry");
    }

    @Test
    void refusesServerOptionsForAssets() {
        assertThatThrownBy(() -> read("assets", Map.of("registry", "file:///r", "port", "80")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("port");
        assertThatThrownBy(() -> read("assets", Map.of("registry", "file:///r", "port", "80", "user", "www")))
                .isInstanceOfSatisfying(InvalidException.class, e -> assertThat(e.mistakes())
                        .containsExactlyInAnyOrder(
                                new InvalidException.Mistake("port", "there is no \"port\" for the command assets"),
                                new InvalidException.Mistake("user", "there is no \"user\" for the command assets")));
    }

    private static AppSpec read(String command, Map<String, String> options) throws InvalidException {
        Map<String, List<String>> lists = new HashMap<>();
        options.forEach((name, value) -> lists.put(name, List.of(value)));
        return AppSpecReader.read(new AppDefinition(command, lists, List.of("current/app")));
    }
}
