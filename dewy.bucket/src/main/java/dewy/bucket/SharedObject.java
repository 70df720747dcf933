package dewy.bucket;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.store.Lines;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A small object that several hosts change, each as a whole, and only if it is as it was read. The service itself looks whether
 * it is, in one step with the write. Safe for use by several threads.
 *
 * @param what it is, for people
 */
record SharedObject(Bucket bucket, String key, String what) {
    private static final int LARGEST = 64 << 20;

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final int MOST_DOUBLINGS = 6;

    /** Makes of what was read what is to be written. */
    @FunctionalInterface
    interface Change<R> {
        /** Returns the change; empty if nothing is to be written. */
        Optional<Changed<R>> of(Bucket.Held before) throws DewyException;
    }

    /** What is to be written, and what the change comes to then. */
    record Changed<R>(R result, String content) {}

    Bucket.Held read(Call call) throws DewyException {
        return bucket.read(call, "read " + what + " at", key, LARGEST);
    }

    /**
     * Understands what it held, unless it was not there.
     *
     * @param format what the first line has to be
     * @param reader what understands the words of the others, or throws {@link IllegalArgumentException}
     */
    <T> Optional<T> parse(Bucket.Held held, String format, Function<List<List<String>>, T> reader)
            throws InvalidException {
        if (held.version().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(Lines.parse(held.content(), format)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            String why = "it is not what this version of Dewy writes: " + e.getMessage();
            String advice = "Name another prefix, or delete it there";
            throw new InvalidException(Problem.of("understand what is at", bucket.location(), why, advice), e);
        }
    }

    /**
     * Changes it. Where another host is first, that begins anew with what that one wrote, after a pause: of many who change it
     * at the same moment only one succeeds, so that without it all others would ask again and again.
     *
     * @return what came of it; empty if nothing was to be written
     */
    <R> Optional<R> change(Call call, Change<R> change) throws DewyException {
        for (int conflicts = 0; ; conflicts++) {
            call.check();
            Bucket.Held before = read(call);
            Optional<Changed<R>> changed = change.of(before);
            if (changed.isEmpty() || replace(call, before, changed.get().content())) {
                return changed.map(Changed::result);
            }
            pause(call, FIRST_PAUSE_MILLIS << Math.min(conflicts, MOST_DOUBLINGS));
        }
    }

    private boolean replace(Call call, Bucket.Held before, String content) throws DewyException {
        return bucket.replace(
                call, "write " + what + " at", key, before.version(), content.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for at least half of the time, so that those who failed together do not try again together. */
    private void pause(Call call, long millis) throws DewyException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration unused = call.onCancel(over::countDown)) {
            long length = ThreadLocalRandom.current().nextLong(millis / 2, millis);
            if (over.await(length, TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of("change " + what + " at", key, "it was interrupted", ""), e);
        }
    }
}
