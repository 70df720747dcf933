package dewy.core.notify;

import dewy.api.event.Event;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.core.event.EventKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides which events of an app one notifier is told about, and in which words. Of one deployment nothing is told twice,
 * however often it is attempted, until it has recovered. For one thread.
 */
public final class NotificationPolicy {
    private static final int REMEMBERED = 256;
    private static final Map<String, EventKind> NOTICES = Arrays.stream(EventKind.values())
            .filter(kind -> kind.notice().isPresent())
            .collect(Collectors.toMap(EventKind::type, Function.identity()));

    private static final Set<EventKind> HOOKS =
            EnumSet.of(EventKind.HOOK_SUCCEEDED, EventKind.HOOK_BEFORE_FAILED, EventKind.HOOK_AFTER_FAILED);

    private final String app;
    private final Interest interest;
    private final Set<Notice> told = new LinkedHashSet<>();

    private record Notice(String deployId, String type, Optional<String> hook, Optional<String> error) {
        static Notice of(Event event) {
            Map<String, String> data = event.data();
            return new Notice(
                    event.deployId(),
                    event.type(),
                    Optional.ofNullable(data.get("hook")),
                    Optional.ofNullable(data.get("error")));
        }
    }

    NotificationPolicy(String app, Interest interest) {
        this.app = app;
        this.interest = interest;
    }

    /** Returns whether people may be told about an event. */
    boolean concerns(Event event) {
        return event.app().equals(app) && NOTICES.containsKey(event.type());
    }

    /** Returns what the notifier is told about the next event. */
    Optional<Notification> notification(Event event) {
        EventKind kind = NOTICES.get(event.type());
        if (kind == null || !concerns(event) || isRepeated(event)) {
            return Optional.empty();
        }
        return kind.words(event.data())
                .map(words -> {
                    Notification plain = Notification.of(words, kind.severity(), event);
                    return HOOKS.contains(kind) ? plain.with(hook(event.data())) : plain;
                })
                .filter(interest::covers);
    }

    private static HookResult hook(Map<String, String> data) {
        String code = data.getOrDefault("exit_code", "");
        return new HookResult(
                data.getOrDefault("hook", ""),
                data.getOrDefault("command", ""),
                code.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(code)),
                data.getOrDefault("stdout", ""),
                data.getOrDefault("stderr", ""),
                data.getOrDefault("duration", ""),
                data.getOrDefault("error", ""));
    }

    private boolean isRepeated(Event event) {
        if (event.type().equals(EventKind.CYCLE_RECOVERED.type())) {
            told.clear();
        }
        if (event.deployId().isEmpty()) {
            return false;
        }
        boolean repeated = !told.add(Notice.of(event));
        if (told.size() > REMEMBERED) {
            told.remove(told.iterator().next());
        }
        return repeated;
    }
}
