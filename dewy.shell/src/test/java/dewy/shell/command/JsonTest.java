package dewy.shell.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    /** Every control character, what JSON and shells quote, other scripts, and a character of two code units. */
    private static final String NASTY = nasty();

    private static final AppStatus APP = Samples.app("web", NASTY, NASTY);

    @ParameterizedTest
    @ValueSource(strings = {"apps", "status", "explain", "deploy", "plugins", "plugin info zip", "plugin why zip"})
    void isValidForEveryCommand(String line) {
        String[] words = line.split(" ", -1);
        FixedAgent agent = FixedAgent.of(APP).with(Samples.plugin(NASTY, true, NASTY), Samples.unknown(NASTY));
        Commands.Answer answer = run(agent, words[0], Arrays.copyOfRange(words, 1, words.length));
        assertThat(answer.exitCode()).isZero();
        assertThat(ParsedJson.of(answer.text())).isNotNull();
    }

    @Test
    void carriesValuesOfAnyCharactersUnchanged() {
        Map<String, Object> view =
                ParsedJson.map(run(FixedAgent.of(APP), "status").text());
        assertThat(at(view, "current", "version")).isEqualTo(NASTY);
        assertThat(at(view, "last", "reason")).isEqualTo(NASTY);
    }

    @Test
    void saysWhatIsKnownOfAnApp() {
        Map<String, Object> view =
                ParsedJson.map(run(FixedAgent.of(Samples.app("web")), "status").text());
        assertThat(view.get("name")).isEqualTo("web");
        assertThat(view.get("state")).isEqualTo("watching");
        assertThat(view.get("next")).isEqualTo("2026-01-02T03:04:13Z");
        assertThat(view.get("failures")).isEqualTo(0L);
        assertThat(view.get("missing")).isEqualTo(List.of());
        assertThat(at(view, "runtime", "instances")).isEqualTo(List.of("4711", "4712"));
    }

    @Test
    void leavesOutWhatIsNotKnownYet() {
        Map<String, Object> view = ParsedJson.map(
                run(FixedAgent.of(Samples.newApp("docs")), "status").text());
        assertThat(view).isNotEmpty().doesNotContainKeys("current", "runtime", "last", "next");
    }

    @Test
    void saysWhatIsKnownOfAPlugin() {
        FixedAgent agent =
                FixedAgent.of().with(Samples.strange(PluginState.ACTIVE, 7, ""), Samples.unknown("it is odd"));
        List<?> views = (List<?>) ParsedJson.of(run(agent, "plugins").text());
        assertThat(views.get(0))
                .isEqualTo(Map.of(
                        "kind", "notifier",
                        "schemes", List.of("pager"),
                        "bundle", "org.example.pager",
                        "version", "1.2.0",
                        "state", "active",
                        "ranking", 7L,
                        "chosen", false,
                        "users", List.of(),
                        "origin", "pager-1.2.0.jar"));
        assertThat(((Map<?, ?>) views.get(1)).get("problem")).isEqualTo("it is odd");
        assertThat(ParsedJson.of(run(agent, "plugin", "info", "pager").text())).isEqualTo(List.of(views.get(0)));
    }

    @Test
    void saysWhatIsKnownOfAnOperation() {
        Operation ended = Samples.ended(
                Samples.fetching("6", "web"), Samples.outcome(CycleOutcome.Kind.NOTHING_TO_DO, "v1.2.3 is deployed"));
        FixedAgent agent = FixedAgent.of().with(FixedOperations.of(Samples.fetching("7", "web"), ended));
        List<?> views = (List<?>) ParsedJson.of(run(agent, "operations").text());
        assertThat(views.get(0))
                .isEqualTo(Map.of(
                        "id", "7",
                        "what", "deploy",
                        "app", "web",
                        "version", "v1.3.0",
                        "actor", "alice",
                        "started", "2026-01-02T03:03:35Z",
                        "step", "fetch",
                        "since", "2026-01-02T03:03:53Z",
                        "progress", Map.of("what", "download", "done", 3L << 20, "total", 12L << 20)));
        assertThat(((Map<?, ?>) views.get(1)).get("outcome"))
                .isEqualTo(Map.of(
                        "outcome", "nothing-to-do",
                        "step", "gate",
                        "reason", "v1.2.3 is deployed",
                        "at", "2026-01-02T03:04:03Z",
                        "version", "v1.2.3"));
    }

    @Test
    void saysWhichImageRuns() {
        FixedAgent agent = FixedAgent.of(Samples.ofImage(Samples.app("web"), "example/web@sha256:0123"));
        List<?> releases = (List<?>) ParsedJson.of(run(agent, "releases").text());
        assertThat(releases)
                .isEqualTo(List.of(Map.of(
                        "version", "v1.2.3",
                        "key", "v1.2.3--example/web",
                        "digest", "sha256:0123456789abcdef0123456789abcdef",
                        "image", "example/web@sha256:0123",
                        "since", "2026-01-01T01:04:05Z")));
    }

    /** Scripts read these names. */
    @Test
    void keepsNamesAndOrder() {
        FixedAgent agent = FixedAgent.of(Samples.untold(Samples.app("web")));
        assertThat(run(agent, "status").text())
                .isEqualTo(
                        """
                        {
                          "name" : "web",
                          "command" : "server",
                          "directory" : "/srv/web",
                          "registry" : "file:///registry",
                          "state" : "watching",
                          "paused" : false,
                          "current" : {
                            "version" : "v1.2.3",
                            "key" : "v1.2.3-web.tar.gz",
                            "digest" : "sha256:0123456789abcdef0123456789abcdef",
                            "folder" : "/srv/web/releases/1",
                            "since" : "2026-01-01T01:04:05Z"
                          },
                          "runtime" : {
                            "state" : "running",
                            "generation" : 7,
                            "since" : "2026-01-02T03:01:05Z",
                            "instances" : [ "4711", "4712" ],
                            "crashes" : 0,
                            "detail" : ""
                          },
                          "last" : {
                            "outcome" : "nothing-to-do",
                            "step" : "gate",
                            "reason" : "v1.2.3 is deployed",
                            "at" : "2026-01-02T03:04:03Z",
                            "version" : "v1.2.3"
                          },
                          "next" : "2026-01-02T03:04:13Z",
                          "failures" : 0,
                          "quarantined" : { },
                          "missing" : [ ],
                          "failing_notifiers" : [ {
                            "notifier" : "slack://deploys",
                            "since" : "2026-01-02T03:01:05Z",
                            "lost" : 2,
                            "error" : "Cannot post to #deploys: HTTP status 503."
                          } ],
                          "waiting" : [ ]
                        }
                        """);
        assertThat(run(agent, "history").text())
                .isEqualTo(
                        """
                        [ {
                          "at" : "2026-01-02T03:04:00Z",
                          "version" : "v1.3.0",
                          "previous" : "v1.2.3",
                          "error" : "it\\nexited",
                          "cancelled" : false,
                          "actor" : "alice",
                          "cause" : "command",
                          "seconds" : 2.34,
                          "deploy_id" : "d-2",
                          "capsule" : "0a1b2c3d"
                        }, {
                          "at" : "2026-01-02T03:03:05Z",
                          "version" : "v1.2.3",
                          "cancelled" : false,
                          "reason" : "v1.2.4 failed: it crashed",
                          "actor" : "",
                          "cause" : "",
                          "deploy_id" : "d-1"
                        } ]
                        """);
    }

    @Test
    void isAnEmptyListWithoutApps() {
        assertThat(ParsedJson.of(run(FixedAgent.of(), "apps").text())).isEqualTo(List.of());
    }

    @Test
    void tellsOfFailuresToo() {
        assertIsError(run(FixedAgent.of(APP), "status", "nothing\"like\nit"), "nothing\"like\nit");
        assertIsError(run(FixedAgent.of(APP), "status", "--wrong"), "there is no option --wrong");
        assertIsError(run(FixedAgent.of(), "deploy"), "the agent has no apps");
        assertIsError(run(FixedAgent.of(), "plugin"), "plugin needs one of info");
        assertIsError(run(FixedAgent.of(), "plugin", "why", "x"), "there is no plugin");
        assertIsError(
                new Commands(Host.local(Optional::empty, Optional::empty))
                        .run("apps", List.of("--json"), Samples.SCRIPT),
                "starting or stopping");
    }

    private static Object at(Map<String, Object> view, String outer, String inner) {
        Map<?, ?> part = (Map<?, ?>) requireNonNull(view.get(outer));
        return requireNonNull(part.get(inner));
    }

    private static void assertIsError(Commands.Answer answer, String why) {
        assertThat(answer.exitCode()).isNotZero();
        assertThat(ParsedJson.map(answer.text()).get("error")).asString().contains(why);
    }

    private static Commands.Answer run(FixedAgent agent, String name, String... arguments) {
        List<String> withJson = new ArrayList<>(List.of(arguments));
        withJson.add("--json");
        return new Commands(Host.local(() -> Optional.of(agent), Optional::empty)).run(name, withJson, Samples.SCRIPT);
    }

    private static String nasty() {
        StringBuilder text = new StringBuilder("\"'\\/$`%\u007f\u0085\u2028\u2029größe 日本 \ud83d\ude80");
        for (char control = 0; control < ' '; control++) {
            text.append(control);
        }
        return text.toString();
    }
}
