package dewy.core.notify;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.Severity;
import dewy.api.plugin.PluginUrl;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sends a message that is meant to be seen, by each notifier of an app. */
public final class NotifierTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private NotifierTest() {}

    /** Returns what went wrong, by the name of the notifier; an empty text where nothing did. */
    public static Map<String, String> run(
            List<PluginUrl> urls, List<PluginSlot<Notifier>> notifiers, String app, String actor, Instant now) {
        String text = "A test of the notifications of " + app;
        Map<String, String> results = new LinkedHashMap<>();
        List<String> names = NotifierNames.of(urls);
        for (int i = 0; i < notifiers.size(); i++) {
            PluginSlot<Notifier> notifier = notifiers.get(i);
            String id = UUID.randomUUID().toString();
            Event event = new Event(id, 0, now, app, "", "command", actor, "notifier.test", Level.INFO, text, Map.of());
            notifier.settle();
            try (CancellableCall call = CancellableCall.of(id, LIMIT)) {
                notifier.<Boolean>use(call, channel -> {
                    channel.send(call, Notification.of(text, Severity.RECOVERY, event));
                    return true;
                });
                results.put(names.get(i), "");
            } catch (DewyException e) {
                results.put(names.get(i), e.problem().sentence());
            }
        }
        return results;
    }
}
