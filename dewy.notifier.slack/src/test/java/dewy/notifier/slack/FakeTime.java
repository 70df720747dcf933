package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.CancellableCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Time that passes only where the code under test waits for it. */
final class FakeTime implements Surroundings.Pause {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final List<Duration> waits = new ArrayList<>();
    private long nanos = 1_000;

    long nanoTime() {
        return nanos;
    }

    Instant now() {
        return START.plusNanos(nanos - 1_000);
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    List<Duration> waits() {
        return waits;
    }

    /** Returns a call that may take {@code limit} of this time. */
    CancellableCall call(Duration limit) {
        return CancellableCall.of("test", Optional.empty(), limit, this::nanoTime, (what, done, total) -> {});
    }

    @Override
    public void await(Call call, Duration wait) {
        waits.add(wait);
        pass(wait);
    }
}
