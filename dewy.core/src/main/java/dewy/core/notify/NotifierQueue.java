package dewy.core.notify;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.RateLimitedException;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends notifications to one notifier, in order and on a thread of its own. A notifier that does not answer, or asks for
 * patience, is tried again; when that does not help, the notification is given up and the log says so.
 */
final class NotifierQueue implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final PluginSlot<Notifier> notifier;
    private final Function<Event, Optional<Notification>> policy;
    private final EventStream stream;
    private final EventScope events;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Registration subscription = () -> {};
    private long considered;

    private NotifierQueue(
            PluginSlot<Notifier> notifier,
            Function<Event, Optional<Notification>> policy,
            EventStream stream,
            EventScope events) {
        this.notifier = notifier;
        this.policy = policy;
        this.stream = stream;
        this.events = events;
        this.considered = stream.newest();
    }

    /** Starts to send what the policy makes of events, from now on. */
    static NotifierQueue start(
            PluginSlot<Notifier> notifier,
            Function<Event, Optional<Notification>> policy,
            EventStream stream,
            EventScope events) {
        NotifierQueue queue = new NotifierQueue(notifier, policy, stream, events);
        queue.subscription = stream.subscribe(queue.considered + 1, queue::consider);
        return queue;
    }

    private void consider(Event event) {
        try {
            Optional<Notification> notification = policy.apply(event);
            if (notification.isPresent()) {
                send(notification.get());
            }
        } finally {
            synchronized (this) {
                considered = event.sequence();
                notifyAll();
            }
        }
    }

    private void send(Notification notification) {
        for (int attempt = 1; ; attempt++) {
            try (CancellableCall call = CancellableCall.of(notification.event().id(), LIMIT)) {
                notifier.<Boolean>use(call, channel -> {
                    channel.send(call, notification);
                    return true;
                });
                return;
            } catch (DewyException e) {
                Optional<Duration> pause = attempt < TRIES ? pause(e, attempt) : Optional.empty();
                if (pause.isEmpty() || isClosingWithin(pause.get())) {
                    events.publish(
                            EventKind.NOTIFICATION_FAILED,
                            notifier.name(),
                            e.problem().sentence());
                    return;
                }
            }
        }
    }

    /** Returns how long to wait before the next attempt; empty when another one would not help. */
    private static Optional<Duration> pause(DewyException e, int attempt) {
        if (e instanceof RateLimitedException limited) {
            Duration asked = Duration.between(Instant.now(), limited.until());
            return asked.compareTo(LONGEST_PAUSE) > 0 ? Optional.empty() : Optional.of(asked);
        }
        return e instanceof UnreachableException ? Optional.of(PAUSE.multipliedBy(attempt)) : Optional.empty();
    }

    private boolean isClosingWithin(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends the sending, after what has happened until now was sent, or a few seconds were not enough for it. */
    @Override
    public void close() {
        closing.countDown();
        awaitConsidered(stream.newest());
        subscription.close();
    }

    private synchronized void awaitConsidered(long sequence) {
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            for (long left = LAST_WORDS.toMillis(); considered < sequence && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
