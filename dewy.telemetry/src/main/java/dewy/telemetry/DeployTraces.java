package dewy.telemetry;

import dewy.api.event.Event;
import dewy.api.event.Level;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a trace of each cycle that deployed something or failed, once it is over: a span for all of it, one for each step within,
 * one for each hook within its step; what else happened are events of the whole. For one thread at a time, as events are told.
 */
final class DeployTraces implements Consumer<Event> {
    private static final AttributeKey<String> APP = AttributeKey.stringKey("dewy.app");
    private static final AttributeKey<String> DEPLOY_ID = AttributeKey.stringKey("dewy.deploy_id");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("dewy.version");
    private static final AttributeKey<String> CAUSE = AttributeKey.stringKey("dewy.cause");
    private static final AttributeKey<String> ACTOR = AttributeKey.stringKey("dewy.actor");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("dewy.outcome");
    private static final AttributeKey<String> HOOK = AttributeKey.stringKey("dewy.hook");
    private static final AttributeKey<String> TEXT = AttributeKey.stringKey("message");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    /** Of cycles that are under way; those that nothing comes of end without being told. */
    private static final int MOST_CYCLES = 256;

    private static final int MOST_EVENTS = 128;

    /** How a cycle ends that comes to nothing. */
    private static final Set<String> IDLE =
            Set.of("cycle.skipped", "cycle.postponed", "cycle.interrupted", "cycle.without_release", "cycle.limited");

    private static final Set<String> HOOKS = Set.of("hook.succeeded", "hook.before_failed", "hook.after_failed");

    private final Tracer tracer;
    private final DeployIds ids;
    private final Map<String, List<Event>> underWay = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Event>> eldest) {
            return size() > MOST_CYCLES;
        }
    };

    DeployTraces(Tracer tracer, DeployIds ids) {
        this.tracer = tracer;
        this.ids = ids;
    }

    @Override
    public void accept(Event event) {
        String id = event.deployId();
        if (id.isEmpty()) {
            return;
        }
        if (event.type().equals(CycleEnd.TYPE)) {
            List<Event> before = underWay.remove(id);
            trace(event, CycleEnd.of(event), before == null ? List.of() : before);
        } else if (IDLE.contains(event.type())) {
            underWay.remove(id);
        } else {
            List<Event> before = underWay.computeIfAbsent(id, same -> new ArrayList<>());
            if (before.size() < MOST_EVENTS) {
                before.add(event);
            }
        }
    }

    private void trace(Event event, CycleEnd end, List<Event> before) {
        Instant from = event.time().minus(end.whole());
        ids.next(event.deployId());
        Span whole = tracer.spanBuilder("deploy")
                .setNoParent()
                .setSpanKind(SpanKind.INTERNAL)
                .setStartTimestamp(from)
                .setAttribute(APP, event.app())
                .setAttribute(DEPLOY_ID, event.deployId())
                .setAttribute(VERSION, end.version())
                .setAttribute(CAUSE, event.cause())
                .setAttribute(ACTOR, event.actor())
                .setAttribute(OUTCOME, end.outcome())
                .startSpan();
        List<Event> hooks =
                before.stream().filter(one -> HOOKS.contains(one.type())).toList();
        Instant at = from;
        for (CycleEnd.Step step : end.steps()) {
            Instant until = at.plus(step.time());
            step(Context.root().with(whole), event, end, step.name(), at, until, hooks);
            at = until;
        }
        before.stream().filter(one -> !HOOKS.contains(one.type())).forEach(one -> note(whole, one));
        if (end.isFailed()) {
            whole.setAttribute(ERROR_TYPE, end.failure());
            whole.setStatus(StatusCode.ERROR, error(before));
        }
        whole.end(event.time());
    }

    private void step(
            Context within, Event event, CycleEnd end, String name, Instant from, Instant until, List<Event> hooks) {
        Span span = tracer.spanBuilder(name)
                .setParent(within)
                .setStartTimestamp(from)
                .setAttribute(APP, event.app())
                .startSpan();
        hooks.stream()
                .filter(hook -> !hook.time().isBefore(from) && hook.time().isBefore(until))
                .forEach(hook -> hook(within.with(span), hook));
        if (end.isFailed() && name.equals(end.step())) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(until);
    }

    private void hook(Context within, Event hook) {
        Span span = tracer.spanBuilder("hook")
                .setParent(within)
                .setStartTimestamp(hook.time().minus(duration(hook)))
                .setAttribute(APP, hook.app())
                .setAttribute(HOOK, hook.data().getOrDefault("hook", ""))
                .startSpan();
        if (hook.level() == Level.ERROR) {
            span.setStatus(StatusCode.ERROR, hook.data().getOrDefault("error", ""));
        }
        span.end(hook.time());
    }

    private static void note(Span whole, Event event) {
        whole.addEvent(event.type(), Attributes.of(TEXT, event.text()), event.time());
    }

    /** Returns what the log says is wrong. */
    private static String error(List<Event> before) {
        return before.stream()
                .map(one -> one.data().getOrDefault("error", ""))
                .filter(text -> !text.isEmpty())
                .reduce("", (former, last) -> last);
    }

    /** Reads a length of time as the log has it: {@code 350ms}, {@code 1.5s}, {@code 2m30s}, {@code 1h0m0s}. */
    static Duration duration(Event event) {
        String text = event.data().getOrDefault("duration", "");
        if (text.endsWith("ms")) {
            return Duration.ofMillis(Long.parseLong(text.replace("ms", "")));
        }
        return text.isEmpty() ? Duration.ZERO : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
