package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompletionsTest {
    private final Commands commands = new Commands(
            Host.local(() -> Optional.of(FixedAgent.of(Samples.app("web"), Samples.newApp("docs"))), Optional::empty));

    @Test
    void completesNamesOfCommands() {
        assertThat(texts("st")).containsExactly("status");
        assertThat(texts("p")).containsExactly("pause", "proxy", "plugins", "plugin");
        assertThat(texts("proxy", "")).containsExactly("web", "docs", "pause", "resume", "maintenance");
        assertThat(texts("")).contains("apps", "log", "top", "help");
        assertThat(texts("help", "de")).containsExactly("deploy");
    }

    @Test
    void completesNamesOfApps() {
        assertThat(texts("status", "")).containsExactly("web", "docs");
        assertThat(texts("log", "-f", "w")).containsExactly("web");
        assertThat(texts("status", "web", "")).isEmpty();
        assertThat(texts("apps", "")).isEmpty();
        assertThat(texts("nothing", "")).isEmpty();
    }

    @Test
    void completesVersionsBehindAnApp() {
        assertThat(commands.complete(List.of("rollback", "web", "")))
                .containsExactly(new Candidate("v1.2.3", "deployed"), new Candidate("v1.3.0", "failed"));
        assertThat(texts("deploy", "--json", "web", "v1.3")).containsExactly("v1.3.0");
        assertThat(texts("deploy", "web", "v1.3.0", "")).isEmpty();
        assertThat(texts("status", "web", "")).isEmpty();
        assertThat(texts("deploy", "nobody", "")).doesNotContain("v1.3.0");
    }

    @Test
    void completesVersionsWithoutAnAppOnlyWhereThereIsOne() {
        Commands ofOne =
                new Commands(Host.local(() -> Optional.of(FixedAgent.of(Samples.app("web"))), Optional::empty));
        assertThat(ofOne.complete(List.of("rollback", "")).stream().map(Candidate::text))
                .containsExactly("web", "v1.2.3", "v1.3.0");
        assertThat(ofOne.complete(List.of("rollback", "v1.3.0", ""))).isEmpty();
        assertThat(texts("rollback", "")).containsExactly("web", "docs");
    }

    @Test
    void completesOperationsThatGoOn() {
        Operation ended = Samples.ended(
                Samples.fetching("6", "web"), Samples.outcome(CycleOutcome.Kind.DEPLOYED, "it was deployed"));
        FixedAgent agent = FixedAgent.of().with(FixedOperations.of(Samples.fetching("7", "web"), ended));
        Commands busy = new Commands(Host.local(() -> Optional.of(agent), Optional::empty));
        assertThat(busy.complete(List.of("cancel", "")))
                .containsExactly(new Candidate("7", "deploy of web (v1.3.0) by alice"));
        assertThat(busy.complete(List.of("cancel", "7", ""))).isEmpty();
    }

    @Test
    void completesTheSecondWordOfACommand() {
        assertThat(commands.complete(List.of("plugin", "w")))
                .containsExactly(new Candidate("why", "Say why a plugin is not in use, or that it is"));
        assertThat(texts("plugin", ""))
                .containsExactly("info", "why", "install", "update", "rollback", "enable", "disable", "remove");
        assertThat(texts("help", "plugin", "inst")).containsExactly("install");
        assertThat(texts("help", "status", "")).isEmpty();
        assertThat(texts("plugin", "nothing", "")).isEmpty();
        assertThat(texts("help", "plugin", "why", "")).isEmpty();
    }

    @Test
    void completesNamesAndSchemesOfPlugins() {
        FixedAgent agent = FixedAgent.of(Samples.app("web"))
                .with(
                        Samples.plugin("cache", true, "web"),
                        Samples.plugin("registry", true, "web"),
                        Samples.strange(PluginState.ACTIVE, 0, ""),
                        Samples.strange(PluginState.AVAILABLE, 0, ""));
        Commands some = new Commands(Host.local(() -> Optional.of(agent), Optional::empty));
        assertThat(some.complete(List.of("plugin", "info", "")))
                .containsExactly(
                        new Candidate("dewy.cache.file", "cache file, zip"),
                        new Candidate("dewy.registry.file", "registry file, zip"),
                        new Candidate("org.example.pager", "notifier pager"),
                        new Candidate("file", "cache; registry"),
                        new Candidate("zip", "cache; registry"),
                        new Candidate("pager", "notifier"));
        assertThat(some.complete(List.of("plugin", "remove", "--json", "o")))
                .extracting(Candidate::text)
                .containsExactly("org.example.pager");
        assertThat(some.complete(List.of("plugin", "why", "zip", ""))).isEmpty();
        assertThat(some.complete(List.of("plugin", "install", ""))).isEmpty();
        assertThat(texts("plugin", "update", "/plugin.jar", "--d")).containsExactly("--digest");
    }

    @Test
    void completesOptionsThatAreNotGivenYet() {
        assertThat(texts("log", "--f")).containsExactly("--follow");
        assertThat(texts("log", "--follow", "--")).contains("--lines", "--json").doesNotContain("--follow");
        assertThat(texts("apps", "-")).containsExactly("--json", "--help");
    }

    @Test
    void leavesTheValueOfAnOptionAlone() {
        assertThat(texts("log", "-n", "")).isEmpty();
        assertThat(texts("log", "-n", "5", "")).containsExactly("web", "docs");
    }

    @Test
    void isACommandForPromptsElsewhere() {
        assertThat(commands.run("complete", List.of("log", "--j"), Samples.SCRIPT)
                        .text())
                .isEqualTo("--json  answer for scripts\n");
        assertThat(commands.run("complete", List.of("status", "w"), Samples.SCRIPT)
                        .text())
                .isEqualTo("web  server v1.2.3\n");
    }

    private List<String> texts(String... words) {
        return commands.complete(List.of(words)).stream().map(Candidate::text).toList();
    }
}
