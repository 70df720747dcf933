package dewy.core.event;

import dewy.api.event.Level;
import dewy.api.notifier.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The events that core publishes: what the log shows of each, and what people are told. */
public enum EventKind {
    APP_ADDED("app.added", Level.INFO, "App added", "command", "directory", "registry"),
    APP_CHANGED("app.changed", Level.INFO, "App changed", "command", "directory", "registry"),
    APP_PAUSED("app.paused", Level.INFO, "App paused", "App paused by {actor}", "actor"),
    APP_RESUMED("app.resumed", Level.INFO, "App resumed", "App resumed by {actor}", "actor"),
    APP_PINNED("app.pinned", Level.INFO, "App pinned", "Pinned to {version} by {actor}", "version", "actor"),
    APP_UNPINNED(
            "app.unpinned",
            Level.INFO,
            "App unpinned",
            "No longer pinned to {version}, by {actor}",
            "version",
            "actor"),
    APP_SCALED("app.scaled", Level.INFO, "App scaled", "Scaled to {replicas} replicas by {actor}", "replicas", "actor"),
    APP_UNSCALED(
            "app.unscaled",
            Level.INFO,
            "App scaled as it is defined",
            "As many replicas as defined again, by {actor}",
            "actor"),
    TRAFFIC_PAUSED("traffic.paused", Level.INFO, "Traffic paused", "Traffic paused by {actor}", "actor"),
    TRAFFIC_REFUSED(
            "traffic.refused", Level.INFO, "Traffic refused for maintenance", "Under maintenance by {actor}", "actor"),
    TRAFFIC_RESUMED("traffic.resumed", Level.INFO, "Traffic resumed", "Traffic resumed by {actor}", "actor"),
    APP_STOPPED("app.stopped", Level.INFO, "App stopped"),
    APP_LEFT("app.left", Level.INFO, "App left running"),
    APP_DEGRADED("app.degraded", Level.WARN, "App degraded", "missing"),
    APP_RESTORED("app.restored", Level.INFO, "App no longer degraded"),
    SHIPPING_STARTED(
            "shipping.started",
            Level.INFO,
            "Shipping started",
            "Automatic shipping started by Dewy ({version}: {command})",
            "version",
            "command",
            "message"),
    SHIPPING_STOPPED(
            "shipping.stopped",
            Level.INFO,
            "Shipping stopped",
            "Automatic shipping stopped by Dewy ({command})",
            "command",
            "message"),
    CYCLE_SKIPPED("cycle.skipped", Level.DEBUG, "Deploy skipped", "reason"),
    CYCLE_POSTPONED("cycle.postponed", Level.DEBUG, "Deploy postponed", "reason", "retry_in"),
    CYCLE_INTERRUPTED("cycle.interrupted", Level.DEBUG, "Deploy interrupted", "step", "reason", "version"),
    CYCLE_WITHOUT_RELEASE("cycle.without_release", Level.WARN, "Nothing to deploy yet", "reason"),
    CYCLE_LIMITED("cycle.limited", Level.WARN, "Rate limited", "reason", "retry_in"),
    CYCLE_FAILED(
            "cycle.failed",
            Level.ERROR,
            "Deploy failure",
            "[Deploying {version} failed: ]{error}[ (capsule {capsule})]",
            "step",
            "error",
            "retry_in",
            "version",
            "capsule"),
    CYCLE_STILL_FAILING(
            "cycle.still_failing",
            Level.DEBUG,
            "Deploy still failing",
            "step",
            "error",
            "retry_in",
            "version",
            "capsule"),
    CYCLE_FAILED_SILENTLY(
            "cycle.failed_silently", Level.ERROR, "Deploy failure", "step", "error", "retry_in", "version", "capsule"),
    CYCLE_SILENCED(
            "cycle.silenced",
            Level.WARN,
            "Failures no longer notified",
            "Failed {failures} times in a row; trying goes on, but further failures are not told until it recovers",
            "failures"),
    CYCLE_RECOVERED(
            "cycle.recovered",
            Level.INFO,
            "Deploy recovered",
            "Recovered after {duration}; attempts that failed: {failures}",
            "failures",
            "duration"),
    CYCLE_ENDED("cycle.ended", Level.DEBUG, "Deploy cycle ended", "outcome", "step", "failure", "version", "steps"),
    ARTIFACT_AWAITED(
            "artifact.awaited", Level.DEBUG, "Artifact not found within grace period", "message", "grace_period"),
    ARTIFACT_FOUND("artifact.found", Level.DEBUG, "Use cached artifact", "cache_key", "version"),
    ARTIFACT_CACHED("artifact.cached", Level.INFO, "Cached artifact", "cache_key", "version", "size", "digest"),
    ARTIFACT_DOWNLOADED(
            "artifact.downloaded",
            Level.INFO,
            "Download notification",
            "Downloaded artifact for {version}",
            "version",
            "message"),
    ARTIFACT_DISCARDED("artifact.discarded", Level.WARN, "Discard cached artifact", "cache_key", "reason"),
    CACHE_FAILED("cache.failed", Level.WARN, "Go on without the cache", "cache_key", "error"),
    ARTIFACT_EXPECTED("artifact.expected", Level.INFO, "Wait for the download of another host", "cache_key"),
    STORE_FAILED("store.failed", Level.WARN, "Go on without the other hosts", "error"),
    STORE_RESTORED("store.restored", Level.INFO, "Go on with the other hosts"),
    REGISTRY_UNSHARED("registry.unshared", Level.WARN, "Ask the registry without the other hosts", "reason"),
    REGISTRY_STALE(
            "registry.stale",
            Level.WARN,
            "Registry does not answer",
            "The registry has not answered for {duration}, what it answered before serves: {error}",
            "error",
            "duration"),
    REGISTRY_RECOVERED(
            "registry.recovered",
            Level.INFO,
            "Registry answers",
            "The registry answers again, after {duration}",
            "duration"),
    SIGNATURE_VERIFIED("signature.verified", Level.INFO, "Verified signature", "cache_key", "version", "signer"),
    SIGNATURE_REFUSED(
            "signature.refused",
            Level.ERROR,
            "Refused signature",
            "The signature of {version} is refused: {error}",
            "cache_key",
            "version",
            "error"),
    IMAGE_PULLING("image.pulling", Level.INFO, "Pulling new image", "image", "version"),
    IMAGE_PULLED(
            "image.pulled",
            Level.INFO,
            "Image pull notification",
            "Pulled image {version}",
            "version",
            "image",
            "message"),
    ARTIFACT_RESUMED("artifact.resumed", Level.WARN, "Resume download", "cache_key", "offset", "error", "retry_in"),
    DEPLOYMENT_STARTED(
            "deployment.started",
            Level.INFO,
            "Deployment started",
            "Starting deployment of {version}",
            "version",
            "previous",
            "attempt"),
    HOOK_ENDED("hook.ended", Level.WARN, "End hook of an earlier agent", "hook", "pid"),
    HOOK_SUCCEEDED(
            "hook.succeeded",
            Level.INFO,
            "Execute hook",
            "The {hook}-deploy hook[ of {version}] ended well after {duration}",
            "hook",
            "command",
            "stdout",
            "stderr",
            "duration",
            "version"),
    HOOK_BEFORE_FAILED(
            "hook.before_failed",
            Level.ERROR,
            "Before deploy hook failure",
            "The {hook}-deploy hook[ of {version}] failed: {error}[ (capsule {capsule})]",
            "hook",
            "command",
            "error",
            "exit_code",
            "stdout",
            "stderr",
            "duration",
            "version",
            "capsule"),
    HOOK_AFTER_FAILED(
            "hook.after_failed",
            Level.ERROR,
            "After deploy hook failure",
            "The {hook}-deploy hook[ of {version}] failed: {error}",
            "hook",
            "command",
            "error",
            "exit_code",
            "stdout",
            "stderr",
            "duration",
            "version"),
    ARCHIVE_EXTRACTED("archive.extracted", Level.INFO, "Extract archive", "path"),
    RELEASE_REUSED("release.reused", Level.INFO, "Use extracted release", "path"),
    CURRENT_SWITCHED("current.switched", Level.INFO, "Create symlink", "from", "to"),
    CURRENT_RESTORED("current.restored", Level.WARN, "Restore symlink", "from", "to"),
    SERVER_TAKEN_OVER("server.taken_over", Level.INFO, "Take over running server", "cache_key", "pid"),
    SERVER_RESUMED("server.resumed", Level.INFO, "Start deployed release", "version", "path"),
    SERVER_BEGUN(
            "server.begun", Level.INFO, "Start notification", "Server started for {version}", "version", "message"),
    SERVER_RESTARTED(
            "server.restarted",
            Level.INFO,
            "Restart notification",
            "Server restarted for {version}",
            "version",
            "message"),
    SERVER_STARTED_AGAIN("server.started_again", Level.INFO, "Server started again", "version"),
    CONTAINER_TAKEN_OVER("container.taken_over", Level.INFO, "Take over running containers", "cache_key", "containers"),
    CONTAINER_RESUMED("container.resumed", Level.INFO, "Start deployed image", "version", "image"),
    CONTAINER_BEGUN(
            "container.begun",
            Level.INFO,
            "Start notification",
            "Container started for {version}",
            "version",
            "message"),
    CONTAINER_DEPLOYED(
            "container.deployed",
            Level.INFO,
            "Container notification",
            "Container deployed successfully for {version}",
            "version",
            "message"),
    CONTAINER_RESTARTED(
            "container.restarted",
            Level.INFO,
            "Restart notification",
            "Container restarted for {version}",
            "version",
            "message"),
    CONTAINER_STARTED_AGAIN("container.started_again", Level.INFO, "Container started again", "version"),
    OUTAGE_BEGAN(
            "outage.began",
            Level.ERROR,
            "App down",
            "{version} is down: {error}. It is started again, later each time until it stays up",
            "version",
            "error"),
    OUTAGE_RECOVERED(
            "outage.recovered",
            Level.INFO,
            "App up again",
            "{version} is up again after {duration}; times it was given up: {given_up}",
            "version",
            "given_up",
            "duration"),
    DEPLOYMENT_POSTPONED("deployment.postponed", Level.INFO, "Deployment postponed", "reason", "retry_in", "version"),
    DEPLOYMENT_INTERRUPTED("deployment.interrupted", Level.INFO, "Deployment interrupted", "step", "reason", "version"),
    DEPLOYMENT_CANCELLED(
            "deployment.cancelled",
            Level.INFO,
            "Deployment cancelled",
            "[Deployment of {version} ]cancelled by {actor}",
            "step",
            "version",
            "actor"),
    DEPLOYMENT_STILL_FAILING(
            "deployment.still_failing",
            Level.INFO,
            "Deploy still failing",
            "step",
            "error",
            "retry_in",
            "version",
            "capsule"),
    DEPLOYMENT_COMPLETED(
            "deployment.completed",
            Level.INFO,
            "Deployment completed",
            "Deployed {version} in {duration}",
            "version",
            "previous",
            "duration"),
    RELEASE_QUARANTINED(
            "release.quarantined",
            Level.ERROR,
            "Release quarantined",
            "{version} is no good and left out from now on, {current} is in force: {error}[ (capsule {capsule})]",
            "version",
            "current",
            "step",
            "error",
            "capsule"),
    CAPSULE_FAILED("capsule.failed", Level.WARN, "Capsule failure", "error"),
    RELEASES_PRUNED("releases.pruned", Level.DEBUG, "Remove old releases", "removed", "kept"),
    HOUSEKEEPING_FAILED("housekeeping.failed", Level.WARN, "Housekeeping failure", "error"),
    REPORT_FAILED("report.failed", Level.WARN, "Report failure", "error"),
    JOURNAL_REPAIRED("journal.repaired", Level.WARN, "Journal repaired", "path", "dropped", "kept", "advice"),
    RUNNING_UNREADABLE(
            "running.unreadable", Level.WARN, "Record of what runs unreadable", "path", "error", "kept", "advice"),
    RUNNING_UNCLAIMED(
            "running.unclaimed", Level.WARN, "Former plugin cannot tell what it runs", "plugin", "error", "advice"),
    RUNNING_ENDED("running.ended", Level.WARN, "End what another plugin left running", "plugin", "names"),
    PLUGIN_SWAPPED("plugin.swapped", Level.INFO, "Plugin swapped", "plugin", "from", "to"),
    PLUGIN_LOST("plugin.lost", Level.WARN, "Plugin gone", "plugin", "bundle"),
    PLUGIN_REFUSED("plugin.refused", Level.ERROR, "Plugin swap failure", "plugin", "bundle", "error"),
    PLUGIN_INSTALLED("plugin.installed", Level.INFO, "Plugin installed", "bundle", "file"),
    PLUGIN_UPDATED("plugin.updated", Level.INFO, "Plugin updated", "bundle", "from", "file"),
    PLUGIN_ROLLED_BACK("plugin.rolled_back", Level.INFO, "Plugin rolled back", "bundle", "from", "file"),
    PLUGIN_REMOVED("plugin.removed", Level.INFO, "Plugin removed", "bundle"),
    PLUGIN_DISABLED("plugin.disabled", Level.INFO, "Plugin disabled", "bundle"),
    PLUGIN_ENABLED("plugin.enabled", Level.INFO, "Plugin enabled", "bundle"),
    PLUGIN_CHANGE_REFUSED("plugin.change_refused", Level.ERROR, "Plugin refused", "bundle", "error"),
    PLUGIN_LEAKED("plugin.leaked", Level.WARN, "Plugin left threads behind", "bundle", "threads"),
    PLUGIN_STUCK("plugin.stuck", Level.ERROR, "Plugin does not come back", "plugin", "bundle", "in"),
    OPERATION_PROGRESS(
            "operation.progress",
            Level.INFO,
            "Operation in progress",
            "operation",
            "action",
            "step",
            "what",
            "done",
            "total"),
    OPERATION_CANCELLED(
            "operation.cancelled", Level.INFO, "Operation cancelled", "operation", "action", "plugin", "actor"),
    OPERATION_NOT_CANCELLED(
            "operation.not_cancelled",
            Level.WARN,
            "Operation cancelled too late",
            "operation",
            "action",
            "plugin",
            "actor"),
    NOTIFICATION_DELAYED("notification.delayed", Level.WARN, "Notification delayed", "notifier", "error"),
    NOTIFICATION_FAILED("notification.failed", Level.WARN, "Notification failure", "notifier", "error"),
    NOTIFICATION_STILL_FAILING(
            "notification.still_failing", Level.DEBUG, "Notification still failing", "notifier", "error");

    /** The key of what people are told, for those that log it. */
    static final String MESSAGE = "message";

    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)\\}");
    private static final Pattern OPTIONAL = Pattern.compile("\\[([^{\\]]*)\\{(\\w+)\\}([^\\]]*)\\]");

    private final String type;
    private final Level level;
    private final String text;
    private final Optional<String> notice;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, which its type does not say.
    private final List<String> keys;

    EventKind(String type, Level level, String text, String... keys) {
        boolean hasNotice = keys.length > 0 && keys[0].contains("{");
        this.type = type;
        this.level = level;
        this.text = text;
        this.notice = hasNotice ? Optional.of(keys[0]) : Optional.empty();
        this.keys = List.of(keys).subList(hasNotice ? 1 : 0, keys.length);
    }

    /** Returns what is told in place of this where the app runs in containers. */
    public EventKind inContainers() {
        return switch (this) {
            case SERVER_TAKEN_OVER -> CONTAINER_TAKEN_OVER;
            case SERVER_RESUMED -> CONTAINER_RESUMED;
            case SERVER_BEGUN -> CONTAINER_BEGUN;
            case SERVER_RESTARTED -> CONTAINER_RESTARTED;
            case SERVER_STARTED_AGAIN -> CONTAINER_STARTED_AGAIN;
            default -> this;
        };
    }

    public String type() {
        return type;
    }

    public Level level() {
        return level;
    }

    public String text() {
        return text;
    }

    /**
     * Returns what people are told, with {@code {key}} for each value; what stands in brackets is left out where its value
     * is missing. Empty when they are not told.
     */
    public Optional<String> notice() {
        return notice;
    }

    /** Returns what it means to people who are told of it. */
    public Severity severity() {
        boolean ends = this == CYCLE_RECOVERED
                || this == OUTAGE_RECOVERED
                || this == REGISTRY_RECOVERED
                || this == APP_RESTORED;
        return switch (level) {
            case DEBUG, INFO -> ends ? Severity.RECOVERY : Severity.ROUTINE;
            case WARN -> Severity.WARNING;
            case ERROR -> Severity.FAILURE;
        };
    }

    /** Returns what people are told about an event with these details; empty when they are not told. */
    public Optional<String> words(Map<String, String> details) {
        return notice.map(template -> PLACE.matcher(withoutMissing(template, details))
                .replaceAll(place -> Matcher.quoteReplacement(details.getOrDefault(place.group(1), ""))));
    }

    private static String withoutMissing(String template, Map<String, String> details) {
        return OPTIONAL.matcher(template).replaceAll(part -> details.containsKey(part.group(2)) ? "$1{$2}$3" : "");
    }

    /** Returns the names of the details, in the order in which they are given and shown. */
    public List<String> keys() {
        return keys;
    }
}
