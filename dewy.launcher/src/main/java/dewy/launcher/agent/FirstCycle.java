package dewy.launcher.agent;

import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.api.event.EventLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The first cycle of an agent: what can wait until then does not slow down its start. */
final class FirstCycle {
    private static final long LONG_ENOUGH_MILLIS = 1_000;

    private final EventLog events;

    FirstCycle(EventLog events) {
        this.events = events;
    }

    /** Returns when a cycle is over, or has been under way for a while. */
    void await() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration listening = events.subscribe(1, event -> {
            if (ends(event)) {
                over.countDown();
            }
        })) {
            boolean unused = over.await(LONG_ENOUGH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean ends(Event event) {
        return event.type().startsWith("cycle.") || "deployment.completed".equals(event.type());
    }
}
