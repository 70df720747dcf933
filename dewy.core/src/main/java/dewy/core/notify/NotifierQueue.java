package dewy.core.notify;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.control.NotifierTrouble;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.core.backoff.Backoff;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.event.Subscription;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications to one notifier, in order, and waits for no other. A notifier that does not answer, or asks for
 * patience, is tried again until what is told is some minutes old; then it is given up and the log says so, and what happened
 * meanwhile has its turn.
 */
final class NotifierQueue {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** How old a message becomes before it is given up: mail servers may turn down for minutes whom they do not know. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Also of a message that had to wait for others for longer than that. */
    private static final int LEAST_TRIES = 3;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final String NO_TIME = "there was no more time for it when the app was stopped";

    private final String name;
    private final PluginSlot<Notifier> notifier;
    private final EventScope events;
    private final InstantSource clock;
    private final Backoff backoff;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Subscription subscription;
    private volatile @Nullable CancellableCall sending;
    private volatile boolean ended;
    private volatile Optional<NotifierTrouble> trouble = Optional.empty();
    /** Until when it was last asked for patience; used by whoever sends. */
    private volatile Optional<RateLimitedException> limit = Optional.empty();

    /** Starts to send what the policy makes of events, from now on. */
    NotifierQueue(
            String name,
            PluginSlot<Notifier> notifier,
            NotificationPolicy policy,
            EventStream stream,
            EventScope events,
            InstantSource clock,
            DoubleSupplier random) {
        this.name = name;
        this.notifier = notifier;
        this.events = events;
        this.clock = clock;
        this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
        this.subscription = stream.subscribe(stream.newest() + 1, policy::concerns, event -> policy.notification(event)
                .ifPresent(this::send));
    }

    /** Returns how it has failed since it last succeeded, if it has. */
    Optional<NotifierTrouble> trouble() {
        return trouble;
    }

    private void send(Notification notification) {
        if (ended) {
            failed(notification, Problem.of("send", "\"" + notification.text() + "\"", NO_TIME, ""));
            return;
        }
        boolean last = false;
        for (int attempt = 1; ; attempt++) {
            Optional<RateLimitedException> limited =
                    limit.filter(told -> clock.instant().isBefore(told.until()));
            if (limited.isPresent() && isFarAway(limited.get())) {
                failed(notification, limited.get().problem());
                return;
            }
            notifier.settle();
            try (CancellableCall call = CancellableCall.of(notification.event().id(), LIMIT)) {
                sending = call;
                notifier.<Boolean>use(call, channel -> {
                    channel.send(call, notification);
                    return true;
                });
                trouble = Optional.empty();
                limit = Optional.empty();
                return;
            } catch (DewyException e) {
                if (e instanceof RateLimitedException told) {
                    limit = Optional.of(told);
                }
                Optional<Duration> pause =
                        attempt < LEAST_TRIES || isYoung(notification) ? pause(e, attempt) : Optional.empty();
                if (pause.isPresent() && attempt == LEAST_TRIES) {
                    delayed(notification, e.problem());
                }
                boolean closes = pause.isPresent() && isClosingWithin(pause.get());
                if (pause.isEmpty() || last || ended || (closes && e instanceof RateLimitedException)) {
                    failed(notification, e.problem());
                    return;
                }
                last = closes; // There is time for one more.
            } finally {
                sending = null;
            }
        }
    }

    /** It will take a while, which is told once until it is over. */
    private void delayed(Notification late, Problem problem) {
        if (trouble.isEmpty()) {
            trouble = Optional.of(new NotifierTrouble(name, late.event().time(), 0, problem.sentence()));
            events.publish(EventKind.NOTIFICATION_DELAYED, name, problem.sentence());
        }
    }

    private void failed(Notification lost, Problem problem) {
        Instant since = trouble.map(NotifierTrouble::since).orElse(lost.event().time());
        int before = trouble.map(NotifierTrouble::lost).orElse(0);
        boolean known = before > 0
                && trouble.filter(told -> told.error().equals(problem.sentence()))
                        .isPresent();
        trouble = Optional.of(new NotifierTrouble(name, since, before + 1, problem.sentence()));
        events.publish(
                known ? EventKind.NOTIFICATION_STILL_FAILING : EventKind.NOTIFICATION_FAILED, name, problem.sentence());
    }

    private boolean isYoung(Notification notification) {
        Duration age = Duration.between(notification.event().time(), clock.instant());
        return age.compareTo(PATIENCE) < 0;
    }

    /** Returns how long to wait before the next attempt; empty when another one would not help. */
    private Optional<Duration> pause(DewyException e, int attempt) {
        if (e instanceof RateLimitedException limited) {
            return isFarAway(limited)
                    ? Optional.empty()
                    : Optional.of(Duration.between(clock.instant(), limited.until()));
        }
        // One that was cancelled was being told by a plugin that has left since; whoever takes its place tells it.
        boolean again = e instanceof UnreachableException || e instanceof CancelledException;
        return again ? Optional.of(backoff.after(attempt)) : Optional.empty();
    }

    private boolean isFarAway(RateLimitedException limited) {
        return Duration.between(clock.instant(), limited.until()).compareTo(LONGEST_PAUSE) > 0;
    }

    private boolean isClosingWithin(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Ends the sending by several notifiers, after what has happened until now was sent, or a few seconds, the same for all
     * of them, were not enough for it.
     */
    static void close(List<NotifierQueue> queues) {
        queues.forEach(queue -> queue.closing.countDown());
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        for (NotifierQueue queue : queues) {
            queue.end(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    private void end(Duration limit) {
        subscription.finish(limit);
        ended = true;
        CancellableCall call = sending;
        if (call != null) {
            call.cancel(NO_TIME);
        }
        subscription.close();
    }
}
