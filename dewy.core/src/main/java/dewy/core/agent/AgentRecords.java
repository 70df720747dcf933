package dewy.core.agent;

import dewy.api.control.AppDefinition;
import dewy.api.control.AuditEntry;
import dewy.api.control.AuditEntry.Outcome;
import dewy.api.control.Capsules;
import dewy.core.audit.AuditLog;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent leaves in writing, for people who look later.
 *
 * @param capsules the evidence of what failed
 * @param audit who changed what
 */
record AgentRecords(Capsules capsules, AuditLog audit, InstantSource clock) {
    private static final String AGENT = "agent";

    /** Notes what was done to the agent itself. */
    void note(String action, String reason) {
        audit.noteSoon(entry(AGENT, action, Optional.empty(), Outcome.DONE, reason, Map.of()));
    }

    /** Notes what was done to an app as a whole. */
    void note(String action, String app, AppDefinition definition) {
        Map<String, String> details = Map.of("command", definition.command());
        audit.noteSoon(entry(from(definition.origin()), action, Optional.of(app), Outcome.DONE, "", details));
    }

    /** Notes that what is written there was refused. */
    void refused(String origin, String why) {
        audit.noteSoon(entry(from(origin), "config.refused", Optional.empty(), Outcome.REFUSED, why, Map.of()));
    }

    private static String from(String origin) {
        String kind = origin.startsWith("/") ? "file " : "configuration ";
        return origin.isEmpty() ? "command line" : kind + origin;
    }

    private AuditEntry entry(
            String from,
            String action,
            Optional<String> app,
            Outcome outcome,
            String reason,
            Map<String, String> details) {
        return new AuditEntry(
                clock.instant(),
                "dewy",
                Optional.empty(),
                from,
                action,
                app,
                Optional.empty(),
                Optional.empty(),
                outcome,
                reason,
                details);
    }
}
