package dewy.core.capsule;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.ApplicationException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.control.AppDefinition;
import dewy.api.control.Capsule;
import dewy.api.control.Evidence;
import dewy.api.control.Evidence.PluginUse;
import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.core.capsule.Investigator.Beginning;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvestigatorTest {
    private static final int KEPT = 2;

    private final List<Event> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final EventScope scope = new EventStream(() -> now, events::add, Runnable::run).scope("web");

    @TempDir
    Path state;

    private Path log;
    private Investigator investigator;

    @BeforeEach
    void create() throws IOException {
        log = Files.createDirectories(state.resolve("log")).resolve("web.log");
        AppDefinition definition = new AppDefinition(
                "container",
                Map.of("notifier", List.of("slack://deploys?token=xoxb-1"), "proxy-password", List.of("hunter2")),
                List.of("-e", "DB=postgres://db", "--env=KEY=abc", "--memory", "1g"));
        investigator = new Investigator(
                "web",
                definition,
                new CapsuleFolder(state, KEPT),
                state.resolve("log"),
                () -> List.of(new PluginUse("registry:file", "dewy.registry.file", "1.0.0")),
                Map.of("java", "17"),
                () -> now);
    }

    @Test
    void keepsWhatIsKnownOfAFailure() throws Exception {
        Files.writeString(log, "line of the generation before\n");
        scope.publish(Level.INFO, "old", "What was before", Map.of());
        EventScope deployment = scope.during("d-1", "command", "alice");
        Beginning beginning = investigator.begin(deployment);
        scope.publish(Level.WARN, "server.exited", "Server exited", Map.of("status", "exit 3"));
        Files.writeString(log, "line of the generation before\nno port: PORT\n");
        Files.writeString(log.resolveSibling("hook-before.err.log"), "said by the hook\n");
        Files.setLastModifiedTime(log.resolveSibling("hook-before.err.log"), FileTime.from(now));
        DewyException why = new ApplicationException(
                Problem.of("start", "current/app", "it exited", ""), new IOException("broken pipe"));

        String id = investigator
                .investigate(new Failure("activate", "v2.0.0", deployment, why), beginning)
                .orElseThrow();

        Evidence evidence = investigator.folder().open(id);
        Capsule capsule = evidence.capsule();
        assertThat(capsule.error()).isEqualTo("Cannot start current/app: it exited");
        assertThat(List.of(capsule.app(), capsule.version(), capsule.step(), capsule.actor(), capsule.cause()))
                .containsExactly("web", "v2.0.0", "activate", "alice", "command");
        assertThat(evidence.errors())
                .containsExactly("Cannot start current/app: it exited", "caused by: java.io.IOException: broken pipe");
        assertThat(evidence.events()).extracting(Event::type).containsExactly("server.exited");
        assertThat(evidence.outputs())
                .containsExactly(
                        new Evidence.Output("app", List.of("no port: PORT")),
                        new Evidence.Output("hook-before, standard error", List.of("said by the hook")));
        assertThat(evidence.plugins()).extracting(PluginUse::version).containsExactly("1.0.0");
        assertThat(evidence.system()).containsEntry("java", "17");
        assertThat(investigator.folder().list()).containsExactly(capsule);
    }

    @Test
    void showsNoSecretOfTheConfiguration() throws Exception {
        Evidence evidence = open(fail("v1.0.0", "it exited"));
        assertThat(evidence.options())
                .containsEntry("notifier", List.of("slack://deploys?token=***"))
                .containsEntry("proxy-password", List.of("***"))
                .containsEntry("--", List.of("-e", "DB=***", "--env=KEY=***", "--memory", "1g"));
    }

    @Test
    void takesTheSameFailureForOneHoweverOftenItRepeats() throws Exception {
        String first = fail("v1.0.0", "process 4711 exited after 12ms");
        String other = fail("v1.0.0", "the port is taken");
        now = now.plus(Duration.ofMinutes(10));
        assertThat(fail("v1.0.0", "process 4712 exited after 9ms")).isEqualTo(first);
        assertThat(fail("v1.0.1", "process 4713 exited after 9ms")).isNotIn(first, other);
        assertThat(investigator.folder().list())
                .filteredOn(capsule -> capsule.id().equals(first))
                .singleElement()
                .satisfies(capsule -> {
                    assertThat(capsule.times()).isEqualTo(2);
                    assertThat(capsule.at()).isEqualTo(now);
                });
    }

    @Test
    void keepsTheNewestForTheOwnerAlone() throws Exception {
        for (int i = 0; i < KEPT + 2; i++) {
            String id = fail("v1." + i + ".0", "it exited");
            Files.setLastModifiedTime(file(id), FileTime.from(Instant.EPOCH.plusSeconds(i)));
            now = now.plusSeconds(1);
        }
        Files.writeString(state.resolve("capsules/0.json.new"), "a crash left this");
        String last = fail("v2.0.0", "it exited");
        assertThat(investigator.folder().list()).extracting(Capsule::version).containsExactly("v2.0.0", "v1.3.0");
        assertThat(state.resolve("capsules/0.json.new")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(last))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("capsules"))))
                .isEqualTo("rwx------");
    }

    @Test
    void isNoLargerThanItsLimit() throws Exception {
        Files.writeString(log, "");
        Beginning beginning = investigator.begin(scope);
        String long300 = "\u0001".repeat(300);
        IntStream.range(0, 190).forEach(i -> scope.publish(Level.INFO, "e", "E", Map.of("what", long300 + i)));
        String id = investigator
                .investigate(failure("v1.0.0", "it exited"), beginning)
                .orElseThrow();
        assertThat(Files.size(file(id))).isLessThanOrEqualTo(CapsuleFolder.LARGEST);
        assertThat(open(id).events().get(open(id).events().size() - 1).data()).containsEntry("what", long300 + 189);
    }

    @Test
    void isNotInTheWayWhereItCannotBeKept() throws Exception {
        Files.writeString(state.resolve("capsules"), "a file in the place of the folder");
        assertThat(investigator.investigate(failure("v1.0.0", "it exited"), Beginning.UNKNOWN))
                .isEmpty();
        assertThat(events).extracting(Event::type).containsExactly("capsule.failed");
    }

    @Test
    void leavesOutWhatIsNoEvidence() throws Exception {
        String id = fail("v1.0.0", "it exited");
        Files.writeString(state.resolve("capsules/ffff.json"), "{\"capsule\": {\"id\": \"ffff\", \"at\":");
        assertThat(investigator.folder().list()).extracting(Capsule::id).containsExactly(id);
    }

    private String fail(String version, String why) {
        return investigator
                .investigate(failure(version, why), Beginning.UNKNOWN)
                .orElseThrow();
    }

    private Failure failure(String version, String why) {
        Problem problem = Problem.of("start", "current/app", why, "");
        return new Failure("activate", version, scope, new ApplicationException(problem));
    }

    private Evidence open(String id) throws DewyException {
        return investigator.folder().open(id);
    }

    private Path file(String id) {
        return state.resolve("capsules").resolve(id + ".json");
    }
}
