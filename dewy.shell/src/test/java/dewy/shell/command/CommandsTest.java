package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.FailureKind;
import dewy.api.control.Agent;
import dewy.api.control.AgentPhase;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import dewy.api.runtime.RuntimeStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final FixedAgent ONE = FixedAgent.of(Samples.app("web"));
    private static final Host NOBODY = Host.local(Optional::empty, Optional::empty);
    private static final FixedAgent TWO = FixedAgent.of(Samples.app("web"), Samples.newApp("docs"));

    @Test
    void listsAppsInColumns() {
        assertSays(
                run(TWO, "apps"),
                0,
                """
                APP   COMMAND  VERSION  STATE     RUNTIME  LAST CHECK  NEXT
                web   server   v1.2.3   watching  running  2s ago      in 8s
                docs  assets   -        checking  -        -           now
                """);
    }

    @Test
    void showsEverythingAboutAnApp() {
        assertSays(
                run(TWO, "status", "web"),
                0,
                """
                App         web (server)
                State       watching
                Version     v1.2.3, deployed 1d 2h ago
                Digest      sha256:0123456789ab…
                Folder      /srv/web/releases/1
                Runtime     running, generation 7, since 3m ago
                Instances   4711, 4712
                Last check  nothing-to-do 2s ago
                Reason      v1.2.3 is deployed
                Next check  in 8s
                Registry    file:///registry
                Directory   /srv/web
                """);
    }

    @Test
    void listsReleasesOnTheDisk() {
        assertSays(
                run(ONE, "releases"),
                0,
                """
                VERSION  CURRENT  SINCE      FOLDER
                v1.2.3   yes      1d 2h ago  /srv/web/releases/1
                """);
        assertThat(run(TWO, "releases", "docs").text()).contains("no releases of docs");
    }

    @Test
    void showsByWhichKeyAReleaseIsSigned() {
        FixedAgent agent = FixedAgent.of(Samples.signed(Samples.app("web"), "minisign:E7620F1842B4E81F"));
        assertThat(run(agent, "status").text()).contains("\nSigned by   minisign:E7620F1842B4E81F\n");
        assertThat(run(agent, "explain").text())
                .startsWith("web has v1.2.3, deployed 1d 2h ago, signed by minisign:E7620F1842B4E81F.\n");
    }

    @Test
    void showsWhichImageRuns() {
        FixedAgent agent = FixedAgent.of(Samples.ofImage(Samples.app("web"), "example/web@sha256:0123"));
        assertThat(run(agent, "status", "web").text())
                .contains("\nImage       example/web@sha256:0123\n")
                .doesNotContain("Folder");
        assertSays(
                run(agent, "releases"),
                0,
                """
                VERSION  CURRENT  SINCE      IMAGE
                v1.2.3   yes      1d 2h ago  example/web@sha256:0123
                """);
    }

    @Test
    void listsHowDeploymentsEnded() {
        assertSays(
                run(ONE, "history"),
                0,
                """
                WHEN    VERSION  FROM    BY     CAUSE    TOOK  OUTCOME   REASON
                5s ago  v1.3.0   v1.2.3  alice  command  2s    failed    it exited (capsule 0a1b2c3d)
                1m ago  v1.2.3   -       -      -        -     deployed  v1.2.4 failed: it crashed
                """);
    }

    @Test
    void failsWhereThereIsNoNotifierToTry() {
        Commands.Answer none = run(TWO, "notify-test", "docs");
        assertThat(none.text()).contains("has no notifiers");
        assertThat(none.exitCode()).isEqualTo(1);
    }

    @Test
    void saysWhichNotifierFailed() {
        assertThat(run(ONE, "notify-test").text()).contains("log:      sent");
        Commands.Answer failed = run(ONE.failing(FailureKind.NETWORK), "notify-test");
        assertThat(failed.text()).contains("no such channel");
        assertThat(failed.exitCode()).isEqualTo(2);
    }

    @Test
    void saysThatAnAppIsPaused() {
        assertSays(run(ONE, "pause"), 0, "web is paused\n");
        FixedAgent busy = FixedAgent.of(Samples.busy(Samples.app("web"), Samples.fetching("7", "web")));
        assertSays(run(busy, "pause"), 0, "web is paused; operation 7 (v1.3.0, fetch) goes on\n");
    }

    @Test
    void takesTheOnlyAppWhenNoneIsNamed() {
        assertThat(run(ONE, "status")).isEqualTo(run(ONE, "status", "web"));
    }

    @Test
    void explainsAnAppInSentences() {
        assertSays(
                run(ONE, "explain"),
                0,
                """
                web has v1.2.3, deployed 1d 2h ago.
                The check 2s ago found nothing to do: v1.2.3 is deployed.
                Its server has been up for 3m, in generation 7.
                The next check is due in 8s.
                """);
        assertSays(
                run(FixedAgent.of(Samples.newApp("docs")), "explain"),
                0,
                """
                Nothing of docs is deployed yet.
                The first check is not over yet.
                A check is running now.
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUNNING | 0 | Its server has been up for 3m, in generation 7: exited with code 1.",
                "RUNNING | 2 | Its server has been up for 3m, in generation 7, and crashed 2 times before: exited with"
                        + " code 1.",
                "BACKING_OFF | 1 | Its server crashed once and has been down for 3m; it will be started again soon:"
                        + " exited with code 1.",
                "BACKING_OFF | 0 | Its server has been down for 3m; it will be started again soon: exited with code 1.",
                "FAILED | 6 | Its server crashed 6 times and was given up 3m ago: exited with code 1.",
                "STOPPED | 0 | Its server is stopped: exited with code 1."
            })
    void explainsHowItsServerIsDoing(RuntimeStatus.State state, int crashes, String sentence) {
        FixedAgent agent = FixedAgent.of(Samples.crashed(Samples.app("web"), state, crashes, "exited with code 1"));
        assertThat(run(agent, "explain").text()).contains("\n" + sentence + "\n");
    }

    @Test
    void explainsThatAServerIsDownAndWhenItIsStartedAgain() {
        String reason = "v1.2.3 is down, it crashed 6 times and was given up; it is started again in 40s";
        AppStatus down = Samples.ended(Samples.app("web"), CycleOutcome.Kind.TRY_LATER, "serve", reason);
        assertThat(run(FixedAgent.of(down), "explain").text())
                .contains("\nThe check 2s ago found that " + reason + ".\n");
    }

    @Test
    void showsThatAServerWasGivenUp() {
        FixedAgent down = FixedAgent.of(Samples.crashed(Samples.app("web"), RuntimeStatus.State.FAILED, 6, ""));
        assertThat(run(down, "status").text()).contains("State       watching, down\n");
    }

    @ParameterizedTest
    @CsvSource({
        "registry, file",
        "artifact, https",
        "cache, file",
        "notifier, slack",
        "runtime, process",
    })
    void explainsThatAPluginWhichIsMissingWasDisabled(String kind, String scheme) {
        FixedAgent agent = FixedAgent.of(Samples.degraded(Samples.app("web"), kind + ":" + scheme))
                .with(Samples.idle(kind, scheme, PluginState.DISABLED));
        assertThat(run(agent, "explain").text())
                .contains("It is degraded: a plugin is missing.")
                .contains("\ndewy." + kind + "." + scheme + " should answer to " + kind + ":" + scheme
                        + ", but is disabled. Use plugin enable dewy." + kind + "." + scheme + ".\n")
                .doesNotContain("install");
    }

    @Test
    void explainsWhatToDoAboutOtherMissingPlugins() {
        FixedAgent agent = FixedAgent.of(Samples.degraded(Samples.app("web"), "notifier:pager", "registry:s3"))
                .with(Samples.strange(PluginState.REFUSED, 0, "it needs a package"));
        assertThat(run(agent, "explain").text())
                .contains("\norg.example.pager should answer to notifier:pager, but is refused. Why, says plugin why"
                        + " org.example.pager.\n")
                .contains("\nNothing answers to registry:s3. Use plugin install.\n");
    }

    @Test
    void explainsThatAPausedAppLooksForNothing() {
        FixedAgent paused = FixedAgent.of(Samples.paused(Samples.app("web")));
        assertThat(run(paused, "explain").text())
                .contains(
                        "\nNo new releases are looked for until resume; a server that crashes is started again all the"
                                + " same.\n");
        assertThat(run(paused, "status").text()).contains("Next check  when resumed\n");
    }

    @Test
    void explainsWhichNotifierFailsSinceWhenAndWhy() {
        FixedAgent untold = FixedAgent.of(Samples.untold(Samples.app("web")));
        assertThat(run(untold, "explain").text())
                .contains("\nThe notifier slack://deploys has failed for 3m, 2 notifications were lost:"
                        + " Cannot post to #deploys: HTTP status 503.\n");
        assertThat(run(untold, "status", "--json").text().replaceAll("\\s+", " "))
                .contains("\"failing_notifiers\" : [ { \"notifier\" : \"slack://deploys\", \"since\" : \"")
                .contains("\"lost\" : 2, \"error\" : \"Cannot post to #deploys: HTTP status 503.\" } ]");
    }

    @Test
    void deploysInTheNameOfWhoeverAsks() {
        assertSays(run(TWO, "deploy", "web"), 0, "deployed: web for alice\n");
    }

    @Test
    void takesAVersionWithTheAppOrWhereThereIsOnlyOneWithoutIt() {
        assertSays(run(TWO, "deploy", "web", "v1.0.0"), 0, "deployed: web v1.0.0 for alice\n");
        assertSays(run(ONE, "deploy", "v1.0.0"), 0, "deployed: web v1.0.0 for alice\n");
        assertSays(run(ONE, "rollback", "v1.0.0"), 0, "deployed: web back to v1.0.0 for alice\n");
        assertSays(run(ONE, "rollback"), 0, "deployed: web back to the last good one for alice\n");
        assertSays(run(ONE, "unpin", "web"), 0, "deployed: web unpinned for alice\n");
        assertSays(run(ONE, "retry"), 0, "deployed: web again for alice\n");
        assertSays(run(ONE, "check"), 0, "would-deploy: web for alice\n");
        assertThat(run(TWO, "rollback", "v1.0.0").text()).contains("there is no app \"v1.0.0\"");
        assertThat(run(TWO, "unpin", "web", "v1.0.0").text()).contains("it does not take \"v1.0.0\"");
    }

    @ParameterizedTest
    @EnumSource
    void endsAFailedDeploymentWithTheExitCodeOfItsKind(FailureKind kind) {
        assertSays(run(ONE.failing(kind), "deploy"), kind.exitCode(), "failed: web for alice\n");
        assertThat(kind.exitCode()).isPositive();
    }

    @Test
    void listsWhatGoesOnAndWhatHasEnded() {
        Operation old = Samples.ended(
                Samples.fetching("6", "docs"), Samples.outcome(CycleOutcome.Kind.CANCELLED, "it was cancelled by bob"));
        assertSays(
                run(ONE.with(FixedOperations.of(Samples.fetching("7", "web"), old)), "operations"),
                0,
                """
                ID  WHAT    OF    VERSION  BY     BEGAN    STATE                                          REASON
                7   deploy  web   v1.3.0   alice  30s ago  fetch for 12s: download 25% (3.0 of 12.0 MiB)  -
                6   deploy  docs  v1.3.0   alice  30s ago  cancelled                                      it was cancelled by bob
                """);
        assertSays(run(ONE, "operations"), 0, "The agent has done nothing yet that takes a while.\n");
    }

    @Test
    void cancelsAnOperation() {
        FixedAgent busy = ONE.with(FixedOperations.of(Samples.fetching("7", "web")));
        assertSays(run(busy, "cancel", "7"), 0, "operation 7, deploy of web (v1.3.0) by alice, is being cancelled\n");
        assertThat(run(busy, "cancel").text()).contains("name an operation; there are 7");
        assertThat(run(busy, "cancel", "8").text()).contains("there is no operation \"8\"; there are 7");
        assertThat(run(ONE, "cancel", "7").exitCode()).isEqualTo(1);
    }

    @Test
    void showsWhatIsDoneWithAnApp() {
        FixedAgent busy = FixedAgent.of(Samples.busy(Samples.app("web"), Samples.fetching("7", "web")));
        assertThat(run(busy, "status").text())
                .contains("\nDoing       deploy of web (v1.3.0) by alice, fetch for 12s: download 25%"
                        + " (3.0 of 12.0 MiB); operation 7\n")
                .doesNotContain("Last check");
        assertThat(run(busy, "explain").text())
                .contains("Under way for 30s: deploy of web (v1.3.0) by alice, at fetch for 12s: download 25%")
                .doesNotContain("The check");
    }

    @Test
    void showsWhatIsToBeDoneWithAnAppAfterThat() {
        FixedAgent busy = FixedAgent.of(
                Samples.busy(Samples.app("web"), Samples.fetching("7", "web"), Samples.waiting("8", "web")));
        assertThat(run(busy, "status").text()).contains("\nWaiting     rollback of web by bob, for 3s; operation 8\n");
        assertThat(run(busy, "explain").text()).contains("\nAfter that: rollback of web by bob, asked for 3s ago.\n");
        assertThat(run(busy, "status", "--json").text()).contains("\"waiting\" : [ {");
    }

    @Test
    void showsThatAnAppIsPausedWhileItDeploysStill() {
        AppStatus paused = Samples.busy(Samples.paused(Samples.app("web")), Samples.fetching("7", "web"));
        assertThat(run(FixedAgent.of(paused), "status").text())
                .contains("State       deploying, paused\n")
                .contains("Next check  when resumed\n");
        assertThat(run(FixedAgent.of(paused), "explain").text())
                .contains("Under way for 30s: deploy of web")
                .contains("\nNo new releases are looked for until resume;");
        assertThat(run(FixedAgent.of(paused), "status", "--json").text())
                .contains("\"state\" : \"deploying\"", "\"paused\" : true");
    }

    @Test
    void saysAtOnceWhatACheckWaitsFor() throws Exception {
        FixedAgent busy = FixedAgent.of(Samples.busy(Samples.app("web"), Samples.fetching("7", "web")));
        PausedScreen screen = new PausedScreen();
        assertThat(commands(busy).run("check", List.of(), Samples.SCRIPT, screen))
                .isZero();
        assertThat(screen.shown)
                .containsExactly(
                        "It waits for operation 7, deploy of web (v1.3.0) by alice, now at fetch for 12s: download 25%"
                                + " (3.0 of 12.0 MiB)\n",
                        "would-deploy: web for alice\n");
    }

    @Test
    void showsThatWhatIsWrittenAnewIsNotInForce() {
        FixedAgent agent = FixedAgent.of(Samples.app("web").refused("Cannot use the file /srv/dewy.yaml: line 3: no"));
        assertThat(run(agent, "status").text())
                .contains("\nRefused     Cannot use the file /srv/dewy.yaml: line 3: no\n");
        assertThat(run(agent, "explain").text())
                .contains(
                        "\nWhat is written of it was changed and refused, and what was in force before still is: Cannot"
                                + " use the file /srv/dewy.yaml: line 3: no.\n");
        assertThat(run(agent, "status", "--json").text()).contains("\"refused\" : \"Cannot use the file");
    }

    @Test
    void showsWhyAReleaseIsLeftOut() {
        FixedAgent agent = FixedAgent.of(Samples.quarantined(Samples.app("web"), "v1.3.0", "it exited at once"));
        assertThat(run(agent, "status").text())
                .contains("\nQuarantined v1.3.0 (it exited at once) (capsule 0a1b2c3d)\n");
        assertThat(run(agent, "explain").text())
                .contains(
                        "\nv1.3.0 is quarantined, since it failed by its own fault: it exited at once (capsule 0a1b2c3d).\n");
    }

    @Test
    void showsAtATerminalHowFarWhatIsWaitedForIs() throws Exception {
        FixedOperations slow = new FixedOperations(List.of(), Optional.empty(), new AtomicInteger(4));
        PausedScreen screen = new PausedScreen();
        assertThat(commands(ONE.with(slow)).run("deploy", List.of(), Samples.TERMINAL, screen))
                .isZero();
        assertThat(screen.live).isFalse();
        assertThat(screen.shown).hasSize(3);
        assertThat(screen.shown.get(0))
                .startsWith("\r\u001b[K")
                .contains("fetch for 12s: download 25% (3.0 of 12.0 MiB)");
        assertThat(screen.shown.get(1)).isEqualTo("\r\u001b[K");
        assertThat(screen.shown.get(2)).isEqualTo("\u001b[32mdeployed\u001b[0m: web for alice\n");
    }

    @Test
    void saysInALineForEachStepWhereItCannotDraw() throws Exception {
        FixedOperations slow = new FixedOperations(List.of(), Optional.empty(), new AtomicInteger(4));
        PausedScreen screen = new PausedScreen();
        assertThat(commands(ONE.with(slow)).run("deploy", List.of(), Samples.SCRIPT, screen))
                .isZero();
        assertThat(screen.shown).containsExactly("fetch v1.3.0\n", "deployed: web for alice\n");
    }

    @Test
    void listsEveryCommandInHelp() {
        Commands.Answer help = run(ONE, "help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.text().lines().map(line -> line.split(" ", 2)[0]))
                .startsWith(
                        "COMMAND",
                        "apps",
                        "status",
                        "top",
                        "log",
                        "logs",
                        "deploy",
                        "rollback",
                        "unpin",
                        "retry",
                        "check",
                        "operations",
                        "cancel",
                        "releases",
                        "history",
                        "capsule",
                        "audit",
                        "pause",
                        "resume",
                        "containers",
                        "scale",
                        "proxy",
                        "proxy",
                        "proxy",
                        "proxy",
                        "explain",
                        "notify-test",
                        "plugins",
                        "plugin",
                        "complete",
                        "help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apps",
                "status",
                "top",
                "log",
                "logs",
                "deploy",
                "rollback",
                "unpin",
                "retry",
                "check",
                "operations",
                "cancel",
                "releases",
                "history",
                "capsule",
                "audit",
                "pause",
                "resume",
                "containers",
                "scale",
                "proxy pause",
                "proxy resume",
                "proxy maintenance",
                "proxy",
                "explain",
                "notify-test",
                "plugins",
                "plugin info",
                "plugin why",
                "plugin install",
                "plugin update",
                "plugin rollback",
                "plugin enable",
                "plugin disable",
                "plugin remove"
            })
    void explainsEachCommandWithoutAnAgentToo(String name) {
        Commands.Answer help = nobody((name + " --help").split(" ", -1));
        assertThat(help.exitCode()).isZero();
        assertThat(help.text())
                .startsWith(name + " ")
                .contains("[--json]\n", ".\n")
                .endsWith("\n");
        assertThat(nobody((name + " -h").split(" ", -1))).isEqualTo(help);
        assertThat(nobody(("help " + name).split(" ", -1))).isEqualTo(help);
        assertThat(nobody(("help dewy:" + name).split(" ", -1))).isEqualTo(help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void explainsHelpItself(String option) {
        assertThat(run(ONE, "help", option)).isEqualTo(run(ONE, "help"));
    }

    @Test
    void guessesWhichCommandWasMeant() {
        assertSays(run(ONE, "statsu"), 1, "there is no command \"statsu\"; did you mean status?\n");
        assertSays(run(ONE, "help", "aps"), 1, "there is no command \"aps\"; did you mean apps?\n");
        assertSays(
                run(ONE, "frobnicate"),
                1,
                "there is no command \"frobnicate\"; there are apps, status, top, log, logs, deploy, rollback, unpin, retry,"
                        + " check, operations, cancel, releases, history, capsule, audit, pause, resume, containers, scale,"
                        + " proxy, explain, notify-test, plugins,"
                        + " plugin\n");
    }

    @Test
    void refusesAnOptionItDoesNotKnow() {
        assertSays(
                run(ONE, "status", "--jsno"), 1, "cannot run status: there is no option --jsno. Try: status --help\n");
    }

    @Test
    void refusesAnArgumentTooMany() {
        assertSays(run(ONE, "apps", "web"), 1, "cannot run apps: it does not take \"web\". Try: apps --help\n");
        assertSays(
                run(TWO, "status", "web", "docs"),
                1,
                "cannot run status: it does not take \"docs\". Try: status --help\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "deploy", "explain"})
    void asksWhichAppIsMeant(String name) {
        assertSays(
                run(TWO, name),
                1,
                "cannot run " + name + ": there are several apps, name one of web, docs. Try: " + name + " --help\n");
        assertSays(
                run(FixedAgent.of(), name),
                1,
                "cannot run " + name + ": the agent has no apps. Try: " + name + " --help\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"status", "log", "deploy", "releases", "history", "pause", "resume", "explain", "notify-test"})
    void guessesWhichAppWasMeant(String name) {
        String failed = "cannot run " + name + ": there is no app ";
        assertSays(run(TWO, name, "wbe"), 1, failed + "\"wbe\"; did you mean web? Try: " + name + " --help\n");
        assertSays(run(TWO, name, "x"), 1, failed + "\"x\"; there are web, docs. Try: " + name + " --help\n");
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        assertSays(run(ONE, "log", "-n"), 1, "cannot run log: -n needs a value N. Try: log --help\n");
        assertThat(run(ONE, "log", "-n", "many").text()).contains("\"many\" is no number of records");
        assertThat(run(ONE, "log", "--lines=10001").exitCode()).isEqualTo(1);
        assertThat(run(ONE, "log", "--follow=yes").text()).contains("there is no option --follow=yes");
    }

    @Test
    void saysThatTheAgentIsNotThere() {
        Commands.Answer answer = new Commands(NOBODY).run("apps", List.of(), Samples.SCRIPT);
        assertSays(answer, 2, "the agent is starting or stopping; try again\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"apps", "status", "top", "deploy", "explain", "check"})
    void saysThatTheAgentHasNoAppsYetOrNoMore(String name) {
        assertSays(
                run(FixedAgent.of().in(AgentPhase.STARTING), name),
                2,
                "Cannot ask the agent for its apps: it is starting. Try again in a moment\n");
        assertSays(
                run(FixedAgent.of().in(AgentPhase.STOPPING), name),
                2,
                "Cannot ask the agent for its apps: it is stopping. Its log says when it has ended\n");
    }

    @Test
    void saysThatAnAppMayBeThereSoon() {
        FixedAgent starting = ONE.in(AgentPhase.STARTING);
        assertThat(run(starting, "status", "docs").exitCode()).isEqualTo(2);
        assertThat(run(starting, "status", "web").exitCode()).isZero();
    }

    @Test
    void coloursOnlyForATerminal() {
        String coloured = commands(ONE).run("apps", List.of(), Samples.TERMINAL).text();
        assertThat(coloured).contains("\u001b[32mwatching\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[\\d*m", ""))
                .isEqualTo(run(ONE, "apps").text());
    }

    /** A hook may say anything, and a registry may call a release anything. */
    @ParameterizedTest
    @ValueSource(strings = {"apps", "status", "explain"})
    void letsNoValueSteerTheTerminal(String name) {
        String nasty = "v1\u001b[2J\u001b]0;title\u0007\r\t\u0000\u007f\u009b";
        Commands.Answer answer = run(FixedAgent.of(Samples.app("web", nasty, nasty)), name);
        assertThat(answer.text()).doesNotContainPattern("[\\p{Cc}&&[^\n]]").contains("v1 [2J ]0;title");
    }

    @Test
    void keepsEachValueOfAStatusOnItsLine() {
        Commands.Answer answer = run(FixedAgent.of(Samples.app("web", "v1", "it broke:\nState  fine")), "status");
        assertThat(answer.text()).contains("\nReason      it broke: State  fine\n");
    }

    private static Commands.Answer nobody(String... words) {
        List<String> arguments = List.of(words).subList(1, words.length);
        return new Commands(NOBODY).run(words[0], arguments, Samples.SCRIPT);
    }

    private static Commands commands(Agent agent) {
        return new Commands(Host.local(() -> Optional.of(agent), Optional::empty));
    }

    private static Commands.Answer run(Agent agent, String name, String... arguments) {
        return commands(agent).run(name, List.of(arguments), Samples.SCRIPT);
    }

    private static void assertSays(Commands.Answer answer, int exitCode, String text) {
        assertThat(answer.text()).isEqualTo(text);
        assertThat(answer.exitCode()).isEqualTo(exitCode);
    }
}
