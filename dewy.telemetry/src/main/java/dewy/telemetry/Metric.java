package dewy.telemetry;

import java.util.List;

/** All metrics, under the names of OpenTelemetry. */
enum Metric {
    DEPLOYMENTS("dewy.deployments.total", Type.COUNTER, "{deployment}", "Deployments that went well", "app", "command"),
    DEPLOYMENT_DURATION(
            "dewy.deployment.duration",
            Type.HISTOGRAM,
            "s",
            "How long deployments that went well took, from behind the gates",
            "app",
            "command"),
    DEPLOYMENT_ERRORS(
            "dewy.deployment.errors.total", Type.COUNTER, "{error}", "Deployments that failed", "app", "command"),
    TIME_TO_READY(
            "dewy.deployment.time_to_ready",
            Type.HISTOGRAM,
            "s",
            "How long it took of that until the new version served",
            "app",
            "command"),
    ROLLBACKS(
            "dewy.rollbacks.total",
            Type.COUNTER,
            "{rollback}",
            "Returns to a release before, asked for (command), or since the new one was no good (fault)",
            "app",
            "reason"),
    QUARANTINES("dewy.quarantines.total", Type.COUNTER, "{release}", "Releases that were left out as no good", "app"),
    HEALTH_CHECKS(
            "dewy.healthchecks.total",
            Type.COUNTER,
            "{check}",
            "Servers and containers that were waited for to become ready",
            "app"),
    HEALTH_CHECK_FAILURES(
            "dewy.healthchecks.failures.total", Type.COUNTER, "{check}", "Those that did not become ready", "app"),
    SERVER_RESTARTS(
            "dewy.server.restarts.total",
            Type.COUNTER,
            "{restart}",
            "Servers that took the place of one before, by why: deploy, signal, command or crash",
            "app",
            "reason"),
    SERVER_CRASHES("dewy.server.crashes.total", Type.COUNTER, "{crash}", "Servers that ended by themselves", "app"),
    CONTAINER_EXITS(
            "dewy.container.exits.total",
            Type.COUNTER,
            "{exit}",
            "Containers that were to serve and ended, or were not well any more",
            "app"),
    CACHE_HITS("dewy.cache.hits.total", Type.COUNTER, "{artifact}", "Artifacts that the cache had", "app"),
    CACHE_MISSES("dewy.cache.misses.total", Type.COUNTER, "{artifact}", "Artifacts that were downloaded", "app"),
    DOWNLOADED("dewy.artifact.downloaded", Type.COUNTER, "By", "Size of the artifacts that came into the cache", "app"),
    PLUGIN_SWAPS(
            "dewy.plugin.swaps.total",
            Type.COUNTER,
            "{swap}",
            "Plugins that were replaced under an app (swapped), or were not to be (refused)",
            "app",
            "plugin",
            "result"),
    NOTIFICATION_FAILURES(
            "dewy.notifications.failures.total",
            Type.COUNTER,
            "{notification}",
            "Notifications that were given up",
            "app"),
    CYCLES(
            "dewy.cycles.total",
            Type.COUNTER,
            "{cycle}",
            "Deploy cycles by outcome, the step at which they ended, and the kind of the failure",
            "app",
            "outcome",
            "step",
            "failure"),
    POLLS("dewy.polls.total", Type.COUNTER, "{poll}", "Times the registry was asked", "app"),
    POLLING("dewy.polls.time", Type.COUNTER, "s", "How long that took altogether, with the selection", "app"),
    CALLS_LEFT(
            "dewy.registry.calls_left",
            Type.GAUGE,
            "{call}",
            "How many more calls the registry answers for now, where it says so",
            "app"),
    APP_INFO("dewy.app.info", Type.GAUGE, "", "Always 1; the version that is deployed", "app", "command", "version"),
    APP_STATE("dewy.app.state", Type.GAUGE, "{app}", "1 for what the app is doing, else 0", "app", "state"),
    APP_UP("dewy.app.up", Type.GAUGE, "{app}", "Whether the app serves; not of assets", "app"),
    APP_FAILURES("dewy.app.failures", Type.GAUGE, "{cycle}", "Cycles that failed in a row", "app"),
    APP_QUARANTINED("dewy.app.quarantined", Type.GAUGE, "{release}", "Releases that are left out now", "app"),
    APP_DEPLOYED("dewy.app.deployed.timestamp", Type.GAUGE, "s", "When what is deployed was deployed", "app"),
    PROXY_CONNECTIONS(
            "dewy.proxy.connections.total",
            Type.COUNTER,
            "{connection}",
            "Requests, or connections where requests are not told apart, that were answered",
            "app",
            "proxy_port"),
    PROXY_ACTIVE("dewy.proxy.connections.active", Type.GAUGE, "{connection}", "Those in flight", "app", "proxy_port"),
    PROXY_ERRORS(
            "dewy.proxy.errors.total", Type.COUNTER, "{error}", "Those that could not be served", "app", "proxy_port"),
    PROXY_LATENCY(
            "dewy.proxy.connect.latency",
            Type.HISTOGRAM,
            "s",
            "How long until the backend began to answer, or accepted the connection where requests are not told apart",
            "app",
            "proxy_port"),
    PROXY_DURATION(
            "dewy.proxy.connection.duration",
            Type.HISTOGRAM,
            "s",
            "How long requests took until all of the answer was on its way, or connections where requests are not told apart",
            "app",
            "proxy_port"),
    PROXY_BYTES(
            "dewy.proxy.bytes.transferred",
            Type.COUNTER,
            "By",
            "What was passed on between clients and backends, in both directions",
            "app",
            "proxy_port"),
    PROXY_BACKENDS("dewy.proxy.backends", Type.GAUGE, "{backend}", "Backends that get something", "app", "proxy_port"),
    BACKEND_REQUESTS("dewy.backend.requests.total", Type.COUNTER, "{request}", "The same by version", "app", "version"),
    BACKEND_ERRORS(
            "dewy.backend.errors.total",
            Type.COUNTER,
            "{error}",
            "Those that a version did not answer, or answered with a status from 500 on",
            "app",
            "version"),
    BACKEND_ACTIVE("dewy.backend.active", Type.GAUGE, "{request}", "Those in flight to a version", "app", "version"),
    BACKEND_LATENCY(
            "dewy.backend.latency", Type.HISTOGRAM, "s", "How long until a version began to answer", "app", "version"),
    REPLICAS("dewy.container.replicas", Type.GAUGE, "{replica}", "Containers that serve", "app"),
    DESIRED_REPLICAS("dewy.container.desired_replicas", Type.GAUGE, "{replica}", "Containers that are to serve", "app"),
    CONTAINER_RESTARTS(
            "dewy.container.restarts",
            Type.GAUGE,
            "{restart}",
            "How often the engine started a container again; another container begins at 0",
            "app",
            "container",
            "replica"),
    CONTAINER_STATUS(
            "dewy.container.status",
            Type.GAUGE,
            "{container}",
            "1 for what a container is doing, else 0",
            "app",
            "container",
            "replica",
            "state"),
    CONTAINER_EXIT_CODE(
            "dewy.container.last_terminated.exit_code",
            Type.GAUGE,
            "",
            "The exit code of a container that ended",
            "app",
            "container",
            "replica"),
    CONTAINER_OOM(
            "dewy.container.oom_killed",
            Type.GAUGE,
            "",
            "Whether a container that ended was out of memory",
            "app",
            "container",
            "replica"),
    CONTAINER_STARTED(
            "dewy.container.started.timestamp",
            Type.GAUGE,
            "s",
            "When a container was started",
            "app",
            "container",
            "replica"),
    CONTAINER_INFO(
            "dewy.container.info",
            Type.GAUGE,
            "",
            "Always 1; what a container was made of",
            "app",
            "container",
            "replica",
            "image",
            "version"),
    AGENT_INFO("dewy.agent.info", Type.GAUGE, "", "Always 1; the version of the agent", "version"),
    JVM_MEMORY(
            "jvm.memory.used", Type.GAUGE, "By", "Memory that the agent's JVM uses: heap, non_heap", "jvm_memory_type"),
    JVM_COMMITTED("jvm.memory.committed", Type.GAUGE, "By", "Memory that it has for that", "jvm_memory_type"),
    JVM_THREADS("jvm.threads", Type.GAUGE, "{thread}", "Its threads"),
    JVM_CLASSES("jvm.classes", Type.GAUGE, "{class}", "Classes it has loaded"),
    JVM_COLLECTIONS("jvm.gc.collections.total", Type.COUNTER, "{collection}", "Garbage collections", "jvm_gc_name"),
    JVM_COLLECTING("jvm.gc.time", Type.COUNTER, "s", "How long they took altogether", "jvm_gc_name"),
    JVM_UPTIME("jvm.uptime", Type.GAUGE, "s", "How long the agent has been running");

    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private static final List<Double> OF_DEPLOYMENTS = List.of(1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0);
    private static final List<Double> OF_CONNECTIONS =
            List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 60.0, 300.0, 3600.0);
    private static final List<Double> OF_REQUESTS = List.of(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0);

    private final String named;
    private final Type type;
    private final String unit;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, which its type does not say.
    private final List<String> labels;

    Metric(String named, Type type, String unit, String meaning, String... labels) {
        this.named = named;
        this.type = type;
        this.unit = unit;
        this.meaning = meaning;
        this.labels = List.of(labels);
    }

    String named() {
        return named;
    }

    Type type() {
        return type;
    }

    /** Returns its unit as UCUM has it; empty where it has none. */
    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }

    List<String> labels() {
        return labels;
    }

    /** Returns up to what each bucket of a histogram counts; there is one more for the rest. */
    List<Double> boundaries() {
        return switch (this) {
            case PROXY_LATENCY, BACKEND_LATENCY -> OF_REQUESTS;
            case PROXY_DURATION -> OF_CONNECTIONS;
            default -> OF_DEPLOYMENTS;
        };
    }

    /** Returns whether it is there for each app from the start on. */
    boolean beginsAtZero() {
        return type == Type.COUNTER && (labels.equals(List.of("app")) || labels.equals(List.of("app", "command")));
    }
}
