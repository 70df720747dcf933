package dewy.cache.file;

import dewy.api.CancellableCall;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Write;
import dewy.store.TextStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/**
 * An agent that uses a store as fast as it can, as a process of its own: {@code folder seed rounds}. It prints what it did,
 * once that is done: {@code counted <value> <revision>}, {@code granted <token>}, {@code guarded <token> <revision>}.
 */
final class StoreHammer {
    static final String COUNTER = "counter";
    static final String GUARDED = "guarded";

    private static final Duration TERM = Duration.ofMillis(200);

    private final TextStore store;
    private final String owner;
    private final Random random;

    private StoreHammer(Path folder, long seed) {
        this.store = new TextStore(new StoreFile(folder, Uptime::now, InstantSource.system()), System::nanoTime);
        this.owner = "agent " + seed;
        this.random = new Random(seed);
    }

    public static void main(String[] args) throws Exception {
        StoreHammer hammer = new StoreHammer(Path.of(args[0]), Long.parseLong(args[1]));
        int rounds = Integer.parseInt(args[2]);
        for (int i = 0; i < rounds; i++) {
            try (CancellableCall call = CancellableCall.of("hammer", Duration.ofSeconds(60))) {
                hammer.round(call);
            }
        }
    }

    private void round(CancellableCall call) throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> guard(call);
            case 1 -> createAndDelete(call);
            default -> count(call);
        }
    }

    private void count(CancellableCall call) throws Exception {
        Optional<Entry> counted = Optional.empty();
        while (counted.isEmpty()) {
            Optional<Entry> before = store.read(call, COUNTER);
            counted = store.compareAndSet(
                    call,
                    before.isEmpty()
                            ? Write.create(COUNTER, "1")
                            : Write.replace(
                                    before.get(),
                                    String.valueOf(Integer.parseInt(before.get().value()) + 1)));
        }
        System.out.println(
                "counted " + counted.get().value() + " " + counted.get().revision());
    }

    /** Writes under a lease, which the next one may have been granted before that is done. */
    private void guard(CancellableCall call) throws Exception {
        Optional<Lease> granted = store.acquire(call, new Claim("guard", owner, TERM));
        if (granted.isEmpty()) {
            return;
        }
        Lease lease = granted.get();
        System.out.println("granted " + lease.token());
        try {
            for (int i = 0; i < 3; i++) {
                long revision = store.read(call, GUARDED).map(Entry::revision).orElse(0L);
                Write write = new Write(
                        GUARDED, String.valueOf(lease.token()), revision, Optional.empty(), Optional.of(lease));
                Entry written = store.compareAndSet(call, write)
                        .orElseThrow(() -> new AssertionError("somebody else wrote while " + lease + " was good"));
                System.out.println("guarded " + lease.token() + " " + written.revision());
            }
            if (random.nextBoolean()) {
                store.release(call, lease);
            }
        } catch (LostLeaseException e) {
            // It took longer than the term: what was not written yet is not to be.
        }
    }

    /** A value of its own, which nobody else touches. */
    private void createAndDelete(CancellableCall call) throws Exception {
        String value = "x".repeat(random.nextInt(5_000));
        Optional<Entry> before = store.read(call, owner);
        if (before.isPresent()) {
            store.compareAndDelete(call, Delete.of(before.get()));
        }
        Entry written = store.compareAndSet(call, Write.create(owner, value)).orElseThrow();
        if (!store.read(call, owner).equals(Optional.of(written))) {
            throw new AssertionError("what " + owner + " wrote is not there");
        }
    }
}
