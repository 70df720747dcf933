package dewy.core.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.release.Digest;
import dewy.api.store.Claim;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Store;
import dewy.api.store.Write;
import dewy.core.backoff.Pause;
import java.time.Duration;
import java.util.Optional;

/**
 * Has the hosts of an app download an artifact one at a time, so that all but the first find it in the cache that they share.
 * Where the store is of no use each downloads at once. For one thread.
 */
public final class DownloadTurns {
    /** A host that says nothing for so long has died. */
    private static final Duration TERM = Duration.ofSeconds(20);

    private static final Duration RENEWED_AT = TERM.dividedBy(2);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration GIVE_BACK_LIMIT = TERM.dividedBy(2);

    /** How long nobody waits for what the cache had no room for. */
    private static final Duration UNCACHED = Duration.ofMinutes(10);

    private final Optional<SharedStore> store;
    private final Pause pause;

    /** @param store empty where the hosts have none */
    public DownloadTurns(Optional<SharedStore> store, Pause pause) {
        this.store = store;
        this.pause = pause;
    }

    /**
     * Returns the turn to download an artifact; empty while another host is at it.
     *
     * @param artifact its key in the cache
     */
    public Optional<Turn> tryTake(CancellableCall call, String artifact) throws DewyException {
        if (store.isEmpty()) {
            return Optional.of(alone(call));
        }
        SharedStore shared = store.get();
        String name = name(artifact);
        try {
            Optional<Entry> uncached = shared.use(call, (brief, held) -> held.read(brief, uncached(name)));
            if (uncached.isPresent()) {
                return Optional.of(alone(call));
            }
            Claim claim = new Claim(name, shared.owner(), TERM);
            Optional<Lease> lease = shared.use(call, (brief, held) -> held.acquire(brief, claim));
            return lease.map(mine -> new Turn(call, Optional.of(new Turn.Held(shared, mine))));
        } catch (SharedStore.UnavailableException e) {
            return Optional.of(alone(call));
        }
    }

    /** Returns the turn of a host that does not wait for any other. */
    public Turn alone(CancellableCall call) {
        return new Turn(call, Optional.empty());
    }

    /** Waits a little, until it is worth another look at the cache. */
    public void await(CancellableCall call) throws DewyException {
        pause.await(call, LOOK_AGAIN);
    }

    private static String name(String artifact) {
        return "download/" + Digest.of(artifact.getBytes(UTF_8)).hex();
    }

    private static String uncached(String name) {
        return "un" + name;
    }

    /** The turn of this host, as long as it goes on. For one thread. */
    public static final class Turn implements AutoCloseable {
        private record Held(SharedStore store, Lease lease) {}

        private final CancellableCall call;
        private final Optional<Held> held;

        private Turn(CancellableCall call, Optional<Held> held) {
            this.call = call;
            this.held = held;
        }

        /** Has the others know that the download goes on. */
        public void goOn() {
            if (held.isPresent() && !isLost() && remaining().compareTo(RENEWED_AT) < 0) {
                attempt(call, (brief, store, lease) -> store.renew(brief, lease));
            }
        }

        /** Returns whether another host may be at it by now, since this one was held up for too long. */
        public boolean isLost() {
            return held.isPresent() && remaining().isZero();
        }

        /** Has the others not wait, since they would not find the artifact in the cache. */
        public void tellUncached() {
            attempt(call, (brief, store, lease) -> {
                Write note = Write.create(uncached(lease.name()), lease.owner()).expiring(UNCACHED);
                var unused = store.compareAndSet(brief, note);
            });
        }

        @Override
        public void close() {
            // The call may be over.
            try (CancellableCall last = CancellableCall.of(call.traceId(), GIVE_BACK_LIMIT)) {
                attempt(last, (brief, store, lease) -> store.release(brief, lease));
            }
        }

        private Duration remaining() {
            return held.orElseThrow().lease().remaining();
        }

        private interface Errand {
            void run(CancellableCall call, Store store, Lease lease) throws DewyException;
        }

        private void attempt(CancellableCall during, Errand errand) {
            if (held.isEmpty()) {
                return;
            }
            Lease lease = held.get().lease();
            try {
                held.get().store().attempt(during, (brief, store) -> errand.run(brief, store, lease));
            } catch (DewyException e) {
                // The call is over; so is the lease before long, and another host goes on.
            }
        }
    }
}
