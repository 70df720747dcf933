package dewy.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.AuditEntry;
import dewy.api.control.AuditEntry.Outcome;
import dewy.core.event.EventKind;
import dewy.core.event.EventStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path home;

    @Test
    void listsWhoChangedWhatTheLastChangeFirst() throws Exception {
        AuditEntry first = entry("web", "deploy", Map.of("arguments", "web v1.0.0"));
        AuditEntry second = entry("docs", "pause", Map.of());
        AuditLog log = log();
        log.note(first);
        log.note(second);
        assertThat(log.newest(Optional.empty(), 10)).containsExactly(second, first);
        assertThat(log.newest(Optional.empty(), 1)).containsExactly(second);
        assertThat(log.newest(Optional.of("web"), 10)).containsExactly(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void goesOnBehindALineThatAPowerCutLeftUnfinished() throws Exception {
        AuditEntry first = entry("web", "deploy", Map.of());
        AuditEntry second = entry("web", "rollback", Map.of());
        log().note(first);
        Files.writeString(file(), "{\"at\":\"2026-01-02T03:", StandardOpenOption.APPEND);
        log().note(second);
        assertThat(log().newest(Optional.empty(), 10)).containsExactly(second, first);
        assertThat(Files.readAllLines(file())).hasSize(3);
    }

    @Test
    void keepsSoManyFilesOfSoManyBytes() throws Exception {
        AuditLog log = new AuditLog(home, Runnable::run, 300);
        for (int i = 0; i < 16; i++) {
            log.note(entry("web", "deploy", Map.of("number", Integer.toString(i))));
        }
        try (var files = Files.list(home)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("audit.log", "audit.log.1", "audit.log.2", "audit.log.3", "audit.log.4");
        }
        List<AuditEntry> newest = log.newest(Optional.empty(), 4);
        assertThat(newest).extracting(entry -> entry.details().get("number")).containsExactly("15", "14", "13", "12");
        assertThat(log.newest(Optional.empty(), 1_000)).hasSizeBetween(4, 15);
    }

    @Test
    void losesNothingThatIsNotedAtTheSameTime() throws Exception {
        AuditLog log = log();
        List<Thread> people = new ArrayList<>();
        IntStream.range(0, 8).forEach(i -> {
            Thread person = new Thread(() -> log.note(entry("web", "deploy", Map.of("by", Integer.toString(i)))));
            person.start();
            people.add(person);
        });
        for (Thread person : people) {
            person.join();
        }
        assertThat(log.newest(Optional.empty(), 100)).hasSize(8);
    }

    @Test
    void showsNoSecret() throws Exception {
        AuditLog log = log();
        log.note(entry("web", "plugin update", Map.of("arguments", "https://user:pass@example.com/a.jar?token=abc")));
        assertThat(log.newest(Optional.empty(), 1).get(0).details())
                .containsEntry("arguments", "https://***@example.com/a.jar?token=***");
    }

    @Test
    void isNotInTheWayWhereItCannotBeWritten() throws Exception {
        Files.createDirectory(file());
        AuditLog log = log();
        log.note(entry("web", "deploy", Map.of()));
        Files.delete(file());
        log.note(entry("web", "rollback", Map.of()));
        assertThat(log.newest(Optional.empty(), 10))
                .extracting(AuditEntry::action)
                .containsExactly("rollback");
    }

    @Test
    void tellsWhatTheAgentDoesFromItsEvents() throws Exception {
        EventStream events = new EventStream(() -> NOW, event -> {}, Runnable::run);
        AuditLog log = log();
        var web = events.scope("web").during("d-1", "poll", "dewy");
        try (AuditedEvents audited = new AuditedEvents(events, log)) {
            web.publish(EventKind.CYCLE_FAILED, "poll", "the registry is unreachable", "10s", "");
            web.publish(EventKind.DEPLOYMENT_STARTED, "v2.0.0", "v1.0.0", 1);
            web.publish(EventKind.RELEASE_QUARANTINED, "v2.0.0", "v1.0.0", "activate", "it exited", "0a1b2c3d");
        }
        assertThat(log.newest(Optional.empty(), 10))
                .containsExactly(
                        new AuditEntry(
                                NOW,
                                "dewy",
                                Optional.empty(),
                                "agent",
                                "release.quarantined",
                                Optional.of("web"),
                                Optional.of("poll"),
                                Optional.of("d-1"),
                                Outcome.DONE,
                                "it exited",
                                Map.of(
                                        "version",
                                        "v2.0.0",
                                        "current",
                                        "v1.0.0",
                                        "step",
                                        "activate",
                                        "capsule",
                                        "0a1b2c3d")),
                        new AuditEntry(
                                NOW,
                                "dewy",
                                Optional.empty(),
                                "agent",
                                "deployment.started",
                                Optional.of("web"),
                                Optional.of("poll"),
                                Optional.of("d-1"),
                                Outcome.BEGUN,
                                "Deployment started",
                                Map.of("version", "v2.0.0", "previous", "v1.0.0", "attempt", "1")));
    }

    private AuditLog log() {
        return new AuditLog(home, Runnable::run);
    }

    private Path file() {
        return home.resolve("audit.log");
    }

    private static AuditEntry entry(String app, String action, Map<String, String> details) {
        return new AuditEntry(
                NOW,
                "alice",
                Optional.of(1000),
                "socket",
                action,
                Optional.of(app),
                Optional.empty(),
                Optional.empty(),
                Outcome.DONE,
                "v1.0.0 was deployed",
                details);
    }
}
