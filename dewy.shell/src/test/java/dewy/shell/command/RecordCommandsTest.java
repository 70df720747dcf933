package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import dewy.api.FailureKind;
import dewy.api.control.AuditEntry;
import dewy.api.control.AuditEntry.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people find later: the evidence of failures, and who changed what. */
class RecordCommandsTest {
    /** Each command that changes something, as it is called. */
    private static final Map<String, List<String>> CHANGES = Map.ofEntries(
            Map.entry("deploy", List.of("web")),
            Map.entry("rollback", List.of("web", "v1.0.0")),
            Map.entry("unpin", List.of()),
            Map.entry("retry", List.of("web")),
            Map.entry("cancel", List.of("7")),
            Map.entry("pause", List.of("web")),
            Map.entry("resume", List.of("web")),
            Map.entry("scale", List.of("web", "3")),
            Map.entry("proxy pause", List.of("web")),
            Map.entry("proxy resume", List.of("web")),
            Map.entry("proxy maintenance", List.of("web")),
            Map.entry("plugin install", List.of("/tmp/pager.jar")),
            Map.entry("plugin update", List.of("/tmp/pager.jar")),
            Map.entry("plugin rollback", List.of("org.example.pager")),
            Map.entry("plugin enable", List.of("org.example.pager")),
            Map.entry("plugin disable", List.of("org.example.pager")),
            Map.entry("plugin remove", List.of("org.example.pager")));

    /** Those that only look, or say something to people. */
    private static final Set<String> LOOKS = Set.of(
            "apps",
            "status",
            "top",
            "log",
            "logs",
            "check",
            "operations",
            "releases",
            "history",
            "capsule",
            "audit",
            "containers",
            "proxy",
            "explain",
            "notify-test",
            "plugins",
            "plugin info",
            "plugin why",
            "complete",
            "help");

    private final FixedAgent agent = FixedAgent.of(Samples.app("web"));
    private final Commands commands = commands(agent);

    @TempDir
    Path folder;

    @Test
    void eachCommandThatChangesSomethingIsNoted() {
        Set<String> known = new TreeSet<>(CHANGES.keySet());
        known.addAll(LOOKS);
        assertThat(names()).containsExactlyInAnyOrderElementsOf(known);
        CHANGES.forEach((name, arguments) -> {
            var unused = run(commands, name, arguments);
            assertThat(agent.records().noted())
                    .as(name)
                    .isNotEmpty()
                    .last()
                    .extracting(AuditEntry::action)
                    .isEqualTo(name);
        });
        assertThat(agent.records().noted()).hasSize(CHANGES.size());
    }

    @Test
    void whatOnlyLooksIsNotNoted() {
        LOOKS.forEach(name -> {
            var unused = run(commands, name, List.of());
        });
        var unused = run(commands, "deploy", List.of("--help"));
        assertThat(agent.records().noted()).isEmpty();
    }

    @Test
    void saysWhoAskedFromWhereAndHowItEnded() throws IOException {
        commands.run("deploy", List.of("web", "v1.2.3"), Samples.TERMINAL, new PausedScreen());
        assertThat(agent.records().noted()).singleElement().satisfies(entry -> {
            assertThat(entry.actor()).isEqualTo("alice");
            assertThat(entry.uid()).contains(1000);
            assertThat(entry.from()).isEqualTo("socket");
            assertThat(entry.app()).contains("web");
            assertThat(entry.details()).containsEntry("arguments", "web v1.2.3");
            assertThat(entry.outcome()).isEqualTo(Outcome.DONE);
        });
        FixedAgent failing = agent.failing(FailureKind.NETWORK);
        var unused = run(commands(failing), "deploy", List.of("web"));
        assertThat(agent.records().noted())
                .last()
                .extracting(AuditEntry::outcome)
                .isEqualTo(Outcome.FAILED);
        var refused = run(commands, "rollback", List.of("nobody", "v1.0.0"));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(agent.records().noted())
                .last()
                .extracting(AuditEntry::outcome)
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void notesWhoLeftBeforeTheEnd() {
        Screen gone = new Screen() {
            @Override
            public void write(String text) throws IOException {
                throw new IOException("the client has gone");
            }

            @Override
            public void live() {}

            @Override
            public boolean pause(Duration length) {
                return false;
            }
        };
        FixedAgent slow = agent.with(new FixedOperations(List.of(), Optional.empty(), new AtomicInteger(3)));
        assertThat(catchException(() -> commands(slow).run("deploy", List.of("web"), Samples.SCRIPT, gone)))
                .isInstanceOf(IOException.class);
        assertThat(agent.records().noted())
                .last()
                .extracting(AuditEntry::outcome)
                .isEqualTo(Outcome.BEGUN);
    }

    @Test
    void listsWhoChangedWhat() {
        var unused = run(commands, "pause", List.of("web"));
        assertThat(run(commands, "audit", List.of("-n", "5")).text())
                .isEqualTo(
                        """
                        WHEN    WHO           FROM    WHAT   APP  OUTCOME  REASON         DETAILS
                        0s ago  alice (1000)  socket  pause  web  done     web is paused  arguments=web
                        """);
        assertThat(run(commands, "audit", List.of("other")).text()).isEqualTo("Nothing was changed yet.\n");
        assertThat(run(commands, "audit", List.of("-n", "many")).exitCode()).isEqualTo(1);
    }

    @Test
    void listsTheEvidenceOfFailures() {
        assertThat(run(commands, "capsule", List.of()).text())
                .isEqualTo(
                        """
                        ID        APP  VERSION  WHEN    TIMES  STEP      ERROR
                        0a1b2c3d  web  v1.3.0   3m ago  4      activate  Cannot start current/app: it has not become ready within 30s
                        """);
        assertThat(run(commands, "capsule", List.of("web")).text()).contains("0a1b2c3d");
    }

    @Test
    void showsTheEvidenceInEightyColumns() {
        String text = run(commands, "capsule", List.of("0a1b")).text();
        assertThat(text)
                .contains(
                        "Capsule     0a1b2c3d\n",
                        "Step        activate (application)\n",
                        "\n  |  [2Jlistening\n",
                        " INFO Deployment started  version=v1.3.0\n",
                        "\n  registry:file  dewy.registry.file 1.2.0\n")
                .doesNotContain("\u001b");
        assertThat(text.lines()).allMatch(line -> line.length() <= 80);
        assertThat(run(commands, "capsule", List.of("ffff")).exitCode()).isEqualTo(1);
    }

    @Test
    void writesTheEvidenceToAFileForSomebodyElse() throws IOException {
        Path file = folder.resolve("capsule.json");
        Commands.Answer answer = run(commands, "capsule", List.of("0a1b", "--output", file.toString()));
        assertThat(answer.text()).isEqualTo("Capsule 0a1b2c3d is in " + file + "\n");
        assertThat(Files.readString(file))
                .isEqualTo(run(commands, "capsule", List.of("0a1b", "--json")).text());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run(commands, "capsule", List.of("0a1b", "--output", file.toString()))
                        .exitCode())
                .isEqualTo(3);
        assertThat(run(commands, "capsule", List.of("0a1b", "--output", "here.json"))
                        .exitCode())
                .isEqualTo(1);
    }

    private static Commands commands(FixedAgent agent) {
        Host host = new Host(() -> Optional.of(agent), Optional::empty, Path.of("/proc"), () -> Samples.NOW);
        return new Commands(host);
    }

    private static Commands.Answer run(Commands commands, String name, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(name.split(" ", -1)));
        words.addAll(arguments);
        return commands.run(words.get(0), words.subList(1, words.size()), Samples.SCRIPT);
    }

    /** Returns the names of all commands, as their help lists them. */
    private List<String> names() {
        return rows(List.of()).stream()
                .flatMap(row ->
                        row.endsWith(" COMMAND") ? rows(List.of(row.replace(" COMMAND", ""))).stream() : Stream.of(row))
                .map(row -> row.replaceFirst(" [\\[A-Z].*", ""))
                .toList();
    }

    private List<String> rows(List<String> of) {
        return commands.run("help", of, Samples.SCRIPT)
                .text()
                .lines()
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .map(line -> line.split(" {2,}", 2)[0])
                .toList();
    }
}
