package dewy.replicas;

import dewy.api.StorageException;
import dewy.api.plugin.AppContext;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How things stand, in memory and on the disk, and what of it has crashed. Safe for use by several threads. */
final class Ledger {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** Who has not crashed for so long is taken to be sound, and crashes for the first time again. */
    private static final Duration SOUND = Duration.ofMinutes(10);

    private final AppContext app;
    private final ReplicaHost host;
    private final ReplicaSettings settings;
    private final Set<String> exited = new HashSet<>();
    private Standing standing = Standing.NOTHING;
    private Optional<Generation> served = Optional.empty();
    private RuntimeStatus.State state = RuntimeStatus.State.STOPPED;
    private Instant since = Instant.now();
    private boolean starting;
    private boolean settled = true;
    private int streak;
    private long lastCrash;

    Ledger(AppContext app, ReplicaHost host, ReplicaSettings settings) {
        this.app = app;
        this.host = host;
        this.settings = settings;
    }

    synchronized Standing now() {
        return standing;
    }

    synchronized Optional<Generation> serving() {
        return standing.serving();
    }

    /** Begins with what another one left, which has to be settled. */
    synchronized void adopt(Standing left) {
        standing = left;
        settled = false;
        note();
    }

    /** Returns the generation that follows, of which there is nothing yet. */
    synchronized Generation begin(Activation activation) {
        standing = standing.next();
        streak = 0;
        starting = true;
        note();
        return new Generation(standing.last(), activation, settings.replicas(), List.of());
    }

    /** Begins to switch back to a generation of which there are replicas. */
    synchronized Generation beginAgain(Generation kept) {
        standing = standing.crashes(0);
        streak = 0;
        starting = true;
        note();
        return kept.sized(settings.replicas());
    }

    /** The generation that was begun serves, or nothing is left of it. */
    synchronized void end() {
        starting = false;
        note();
    }

    /** Keeps how things stand from now on: on the disk first. */
    void write(Standing next) throws StorageException {
        app.keep(next.toState(host));
        synchronized (this) {
            standing = next;
            exited.retainAll(Stream.concat(next.replicas().stream(), next.keptReplicas().stream())
                    .toList());
            note();
        }
    }

    /** What serves is about to be ended; that is kept once it has. */
    synchronized void clear() {
        standing = standing.withoutServing();
        settled = true;
        note();
    }

    /** Notes what was found to have ended while nobody watched, which is no crash. */
    synchronized void settle(Collection<String> ended) {
        settled = true;
        exited.addAll(ended);
        note();
    }

    synchronized boolean isSettled() {
        return settled;
    }

    /** Notes that a replica has ended; returns whether it should not have. */
    synchronized boolean noteExit(String name) {
        boolean crashed = standing.replicas().contains(name) && exited.add(name);
        if (crashed) {
            noteCrash();
        } else if (starting || standing.keptReplicas().contains(name)) {
            exited.add(name); // It may be one of those that are to serve.
        }
        note();
        return crashed;
    }

    synchronized void noteCrash() {
        long now = System.nanoTime();
        streak = now - lastCrash > SOUND.toNanos() ? 1 : streak + 1;
        lastCrash = now;
        standing = standing.crashes(standing.crashes() + 1);
        note();
    }

    /** Returns which of those that should serve run. */
    synchronized List<String> alive() {
        return standing.serving().map(this::alive).orElse(List.of());
    }

    /** Returns which replicas of a generation have not ended, as far as is known. */
    synchronized List<String> alive(Generation generation) {
        List<String> alive = new ArrayList<>(generation.replicas());
        alive.removeAll(exited);
        return alive;
    }

    /** Returns in what time there is something to be put in order; empty when there is nothing. */
    synchronized Optional<Duration> dueIn() {
        return !settled || isUneven()
                ? Optional.of(pause())
                : standing.kept().map(kept -> kept.left(Instant.now(), settings.keepBlue()));
    }

    /** Returns whether what is kept is to go. */
    synchronized boolean isKeptTooLong() {
        return standing.kept()
                .map(kept -> kept.left(Instant.now(), settings.keepBlue()).isZero())
                .orElse(false);
    }

    /** Returns whether there are more or fewer replicas than there should be, which can be changed. */
    synchronized boolean isUneven() {
        int alive = alive().size();
        boolean missing = alive < settings.replicas() && !isGivenUp();
        return standing.serving().isPresent()
                && (alive < standing.replicas().size() || alive > settings.replicas() || missing);
    }

    /** Returns whether replicas are missing that are not to be had. */
    synchronized boolean isIncomplete() {
        return standing.serving().isPresent() && alive().size() < settings.replicas();
    }

    /** What was told of replicas may have been missed: it is found out anew how they are. */
    synchronized void unsettle() {
        settled = standing.serving().isEmpty()
                && standing.leaving().isEmpty()
                && standing.kept().isEmpty();
    }

    /** Returns whether it crashed too often to be started again. */
    synchronized boolean isGivenUp() {
        return streak > settings.maxRestarts();
    }

    /** Returns how long nothing is started again: not at all after the first crash, and longer after each. */
    private Duration pause() {
        int doublings = Math.min(streak, 10) - 2;
        Duration pause = doublings < 0 ? Duration.ZERO : Duration.ofMillis(50L << doublings);
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    synchronized RuntimeStatus status() {
        return new RuntimeStatus(
                state,
                served.map(Generation::number).orElse(0L),
                since,
                alive(),
                standing.crashes(),
                isGivenUp() ? "it crashed " + streak + " times in a row" : "",
                served.map(generation -> generation.activation().deliverable().cacheKey()));
    }

    private void note() {
        served = standing.serving().or(() -> served);
        RuntimeStatus.State next = state();
        if (next != state) {
            state = next;
            since = Instant.now();
        }
    }

    private RuntimeStatus.State state() {
        if (standing.serving().isEmpty()) {
            return starting ? RuntimeStatus.State.STARTING : RuntimeStatus.State.STOPPED;
        }
        if (!alive().isEmpty()) {
            return RuntimeStatus.State.RUNNING;
        }
        return isGivenUp() ? RuntimeStatus.State.FAILED : RuntimeStatus.State.BACKING_OFF;
    }
}
