package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is demanded of notifiers. Its URL is one by which everything is told. */
public abstract class NotifierContract extends ProviderContract<Notifier> {
    private final AtomicLong events = new AtomicLong();

    /** Returns what the channel was given so far, in order: each entry holds the text of one notification. */
    protected abstract List<String> received();

    @Override
    public void use(Notifier notifier, Call call) throws Exception {
        notifier.send(call, notification(Level.INFO, "Deployed v1.2.3"));
    }

    /** Core sends one notification after the other. */
    @Override
    public boolean sharesInstances() {
        return false;
    }

    @Test
    void sendsEachNotificationOnce() throws Exception {
        try (Notifier notifier = open()) {
            send(notifier, notification(Level.INFO, "Downloaded artifact for v1.2.3"));
            assertThat(received()).singleElement().asString().contains("Downloaded artifact for v1.2.3");
        }
        assertThat(received()).hasSize(1);
    }

    @Test
    void sendsInTheOrderInWhichItIsGiven() throws Exception {
        List<String> texts = new ArrayList<>();
        try (Notifier notifier = open()) {
            for (Level level : Level.values()) {
                String text = "Text number " + texts.size() + " of level " + level;
                texts.add(text);
                send(notifier, notification(level, text));
            }
        }
        assertThat(received()).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(received().get(i)).contains(texts.get(i));
        }
    }

    @Test
    void hasSentWhenItReturnsAndNotOnlyWhenItIsClosed() throws Exception {
        try (Notifier notifier = open()) {
            send(notifier, notification(Level.WARN, "first"));
            assertThat(received()).hasSize(1);
            send(notifier, notification(Level.WARN, "second"));
            assertThat(received()).hasSize(2);
        }
    }

    @Test
    void tellsOfTheAgentItselfToo() throws Exception {
        try (Notifier notifier = open()) {
            send(notifier, notification("", Level.INFO, "Automatic shipping started"));
        }
        assertThat(received()).singleElement().asString().contains("Automatic shipping started");
    }

    @Test
    void sendsNothingThatNobodyWantsAnyMore() throws Exception {
        try (Notifier notifier = open();
                CancellableCall call = Calls.cancelled()) {
            Notification notification = notification(Level.INFO, "Deployed v1.2.3");
            assertThat(catchThrowable(() -> notifier.send(call, notification))).isNotNull();
            assertThat(received()).isEmpty();
        }
    }

    /** Returns a notification about the app under test, each of another event. */
    protected final Notification notification(Level level, String text) {
        return notification(app().name(), level, text);
    }

    private Notification notification(String app, Level level, String text) {
        long number = events.incrementAndGet();
        Event event = new Event(
                "event-" + number,
                number,
                Instant.parse("2026-03-01T12:00:00Z"),
                app,
                "",
                "poll",
                "dewy",
                "artifact.cached",
                level,
                text,
                Map.of());
        return Notification.of(text, Severity.ROUTINE, event);
    }

    private static void send(Notifier notifier, Notification notification) throws Exception {
        try (CancellableCall call = call()) {
            notifier.send(call, notification);
        }
    }
}
