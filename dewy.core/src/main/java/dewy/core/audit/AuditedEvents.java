package dewy.core.audit;

import dewy.api.Registration;
import dewy.api.control.AuditEntry;
import dewy.api.control.AuditEntry.Outcome;
import dewy.api.event.Event;
import dewy.core.event.EventKind;
import dewy.core.event.EventStream;
import dewy.core.event.Subscription;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Notes what the agent changes, from its events. What apps there are, the agent notes itself, since it knows where that is from. */
public final class AuditedEvents implements Registration {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String SIGNAL = "signal";
    private static final Set<String> TOLD_OTHERWISE = Set.of("error", "reason", "message");
    private static final Map<String, Outcome> OUTCOMES = outcomes();

    private final AuditLog log;
    private final Subscription subscription;

    /** Begins to note what the agent does from now on. */
    public AuditedEvents(EventStream events, AuditLog log) {
        this.log = log;
        this.subscription =
                events.subscribe(events.newest() + 1, event -> outcome(event).isPresent(), this::note);
    }

    /** Ends it, once what has happened is noted. */
    @Override
    public void close() {
        subscription.finish(PATIENCE);
        log.flush();
    }

    private void note(Event event) {
        Map<String, String> details = new LinkedHashMap<>(event.data());
        details.keySet().removeAll(TOLD_OTHERWISE);
        String reason = event.data().getOrDefault("error", event.data().getOrDefault("reason", event.text()));
        log.noteSoon(new AuditEntry(
                event.time(),
                event.actor(),
                Optional.empty(),
                SIGNAL.equals(event.actor()) ? SIGNAL : "agent",
                event.type(),
                present(event.app()),
                present(event.cause()),
                present(event.deployId()),
                outcome(event).orElseThrow(),
                reason,
                details));
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    /** What failed before a version was known has changed nothing. */
    private static Optional<Outcome> outcome(Event event) {
        Optional<Outcome> outcome = Optional.ofNullable(OUTCOMES.get(event.type()));
        boolean isOfNoRelease =
                event.type().startsWith("cycle.") && !event.data().containsKey("version");
        return outcome.filter(known -> !isOfNoRelease);
    }

    private static Map<String, Outcome> outcomes() {
        Map<String, Outcome> outcomes = new HashMap<>();
        Arrays.stream(EventKind.values())
                .forEach(kind -> outcome(kind).ifPresent(outcome -> outcomes.put(kind.type(), outcome)));
        return outcomes;
    }

    /** Returns what an event says of a change; empty where it tells of none. */
    static Optional<Outcome> outcome(EventKind kind) {
        return switch (kind) {
            case DEPLOYMENT_STARTED -> Optional.of(Outcome.BEGUN);
            case APP_PAUSED,
                    APP_RESUMED,
                    APP_PINNED,
                    APP_UNPINNED,
                    APP_SCALED,
                    APP_UNSCALED,
                    TRAFFIC_PAUSED,
                    TRAFFIC_REFUSED,
                    TRAFFIC_RESUMED,
                    DEPLOYMENT_COMPLETED,
                    CURRENT_SWITCHED,
                    CURRENT_RESTORED,
                    SERVER_TAKEN_OVER,
                    SERVER_RESUMED,
                    SERVER_BEGUN,
                    SERVER_RESTARTED,
                    SERVER_STARTED_AGAIN,
                    CONTAINER_TAKEN_OVER,
                    CONTAINER_RESUMED,
                    CONTAINER_BEGUN,
                    CONTAINER_DEPLOYED,
                    CONTAINER_RESTARTED,
                    CONTAINER_STARTED_AGAIN,
                    RELEASE_QUARANTINED,
                    RUNNING_ENDED,
                    HOOK_ENDED,
                    PLUGIN_SWAPPED,
                    PLUGIN_LOST,
                    PLUGIN_INSTALLED,
                    PLUGIN_UPDATED,
                    PLUGIN_ROLLED_BACK,
                    PLUGIN_REMOVED,
                    PLUGIN_DISABLED,
                    PLUGIN_ENABLED -> Optional.of(Outcome.DONE);
            case SIGNATURE_REFUSED, PLUGIN_CHANGE_REFUSED -> Optional.of(Outcome.REFUSED);
            case CYCLE_FAILED, CYCLE_FAILED_SILENTLY, DEPLOYMENT_STILL_FAILING, PLUGIN_REFUSED ->
                Optional.of(Outcome.FAILED);
            case DEPLOYMENT_CANCELLED, DEPLOYMENT_INTERRUPTED, OPERATION_CANCELLED -> Optional.of(Outcome.CANCELLED);
            // The agent notes itself which apps there are.
            case APP_ADDED, APP_CHANGED, APP_STOPPED, APP_LEFT, SHIPPING_STARTED, SHIPPING_STOPPED -> Optional.empty();
            // They tell how things are, not that something was changed.
            case APP_DEGRADED,
                    APP_RESTORED,
                    CYCLE_SKIPPED,
                    CYCLE_POSTPONED,
                    CYCLE_INTERRUPTED,
                    CYCLE_WITHOUT_RELEASE,
                    CYCLE_LIMITED,
                    CYCLE_STILL_FAILING,
                    CYCLE_SILENCED,
                    CYCLE_RECOVERED,
                    CYCLE_ENDED,
                    ARTIFACT_FOUND,
                    ARTIFACT_AWAITED,
                    ARTIFACT_CACHED,
                    ARTIFACT_DOWNLOADED,
                    ARTIFACT_DISCARDED,
                    CACHE_FAILED,
                    ARTIFACT_EXPECTED,
                    STORE_FAILED,
                    STORE_RESTORED,
                    REGISTRY_UNSHARED,
                    REGISTRY_STALE,
                    REGISTRY_RECOVERED,
                    SIGNATURE_VERIFIED,
                    IMAGE_PULLING,
                    IMAGE_PULLED,
                    ARTIFACT_RESUMED,
                    HOOK_SUCCEEDED,
                    HOOK_BEFORE_FAILED,
                    HOOK_AFTER_FAILED,
                    ARCHIVE_EXTRACTED,
                    RELEASE_REUSED,
                    OUTAGE_BEGAN,
                    OUTAGE_RECOVERED,
                    DEPLOYMENT_POSTPONED,
                    RELEASES_PRUNED,
                    CAPSULE_FAILED,
                    HOUSEKEEPING_FAILED,
                    REPORT_FAILED,
                    JOURNAL_REPAIRED,
                    RUNNING_UNREADABLE,
                    RUNNING_UNCLAIMED,
                    PLUGIN_LEAKED,
                    PLUGIN_STUCK,
                    OPERATION_PROGRESS,
                    OPERATION_NOT_CANCELLED,
                    NOTIFICATION_DELAYED,
                    NOTIFICATION_FAILED,
                    NOTIFICATION_STILL_FAILING -> Optional.empty();
        };
    }
}
