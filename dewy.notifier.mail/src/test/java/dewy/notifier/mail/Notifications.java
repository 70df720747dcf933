package dewy.notifier.mail;

import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;

/** Makes notifications. */
final class Notifications {
    static final String DEPLOYMENT = "5f0c2a1e-0000-4000-8000-000000000001";

    private Notifications() {}

    static Notification deployed(String id) {
        return notification(id, Level.INFO, Severity.ROUTINE, "deployment.completed", "Deployed v1.2.3 in 2s");
    }

    /** Output that is long, in other scripts, hostile to HTML, to SMTP and to terminals. */
    static Notification hookFailed(String id) {
        String text = "The before-deploy hook of v1.2.3 failed: exit code 3";
        HookResult hook = new HookResult(
                "before",
                "./check --all \"a & b\"",
                OptionalInt.of(3),
                "checking\n.\n.dot at the beginning\nFrom here\n<script>alert('x')</script>\n" + "long ".repeat(300)
                        + "\n",
                "Prüfung fehlgeschlagen: データベース \u001b[31mred\u001b[0m\u0000\r\n",
                "1.2s",
                "exit code 3");
        return notification(id, Level.ERROR, Severity.FAILURE, "hook.before_failed", text)
                .with(hook);
    }

    static Notification notification(String id, Level level, Severity severity, String type, String text) {
        Instant time = Instant.parse("2026-03-01T10:00:00Z");
        Map<String, String> data = Map.of("version", "v1.2.3");
        Event event = new Event(id, 7, time, "web", DEPLOYMENT, "poll", "dewy", type, level, text, data);
        return Notification.of(text, severity, event);
    }
}
