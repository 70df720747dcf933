package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Audit;
import dewy.api.control.AuditEntry;
import dewy.api.control.Capsule;
import dewy.api.control.Capsules;
import dewy.api.control.Evidence;
import dewy.api.event.Event;
import dewy.api.event.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One capsule, and an audit log in memory. */
final class FixedRecords implements Capsules, Audit {
    static final Capsule CAPSULE = new Capsule(
            "0a1b2c3d",
            "web",
            "v1.3.0",
            Samples.NOW.minus(Duration.ofMinutes(3)),
            4,
            "activate",
            Optional.of(FailureKind.APPLICATION),
            "Cannot start current/app: it has not become ready within 30s",
            "d-2",
            "poll",
            "dewy");

    private final List<AuditEntry> noted = new ArrayList<>();

    /** Returns what was noted, the first one first. */
    List<AuditEntry> noted() {
        return noted;
    }

    @Override
    public List<Capsule> list(Optional<String> app) {
        return app.filter(name -> !name.equals(CAPSULE.app())).isPresent() ? List.of() : List.of(CAPSULE);
    }

    @Override
    public Evidence open(String id) throws DewyException {
        if (!CAPSULE.id().startsWith(id)) {
            throw new NotFoundException(Problem.of("find the capsule", "\"" + id + "\"", "there is none", ""));
        }
        Event event = new Event(
                "e-1",
                7,
                CAPSULE.at(),
                "web",
                "d-2",
                "poll",
                "dewy",
                "deployment.started",
                Level.INFO,
                "Deployment started",
                Map.of("version", "v1.3.0"));
        return new Evidence(
                CAPSULE,
                List.of(CAPSULE.error(), "caused by: java.io.IOException: " + "no word as long as this ".repeat(5)),
                List.of(event),
                List.of(new Evidence.Output("app", List.of("\u001b[2Jlistening", "x".repeat(200)))),
                List.of(new Evidence.PluginUse("registry:file", "dewy.registry.file", "1.2.0")),
                Map.of("registry", List.of("file:///srv/releases")),
                Map.of("dewy", "1.2.0"));
    }

    @Override
    public void note(AuditEntry entry) {
        noted.add(entry);
    }

    @Override
    public List<AuditEntry> newest(Optional<String> app, int most) {
        List<AuditEntry> newest = new ArrayList<>();
        for (AuditEntry entry : noted) {
            newest.add(0, entry);
        }
        return newest.stream()
                .filter(entry -> app.isEmpty() || entry.app().equals(app))
                .limit(most)
                .toList();
    }
}
