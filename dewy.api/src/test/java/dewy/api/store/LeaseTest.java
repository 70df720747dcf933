package dewy.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Duration TERM = Duration.ofSeconds(30);
    private static final Claim CLAIM = new Claim("deploy", "host-1", TERM);

    /** A monotonic clock may be near its end. */
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

    private final Lease lease = Lease.granted(CLAIM, 7, nanoTime.get(), nanoTime::get);
    private final List<String> told = new ArrayList<>();

    @Test
    void isGoodFromWhenItWasAskedFor() throws Exception {
        long asked = nanoTime.get();
        pass(10);
        Lease slow = Lease.granted(CLAIM, 8, asked, nanoTime::get);
        slow.check();
        assertThat(slow.remaining()).isEqualTo(Duration.ofSeconds(20));
        assertThat(slow).hasToString("lease 8 of host-1 on deploy");
    }

    @Test
    void isLostWhenItsTimeIsOver() {
        lease.onLost(() -> told.add("lost"));
        pass(30);
        assertThat(lease.remaining()).isZero();
        assertThat(told).containsExactly("lost");
        assertThatThrownBy(lease::check)
                .isInstanceOf(LostLeaseException.class)
                .hasMessage("Cannot go on under the lease deploy: its time is over");
    }

    @Test
    void tellsByItselfThatItsTimeIsOver() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        Lease.granted(new Claim("deploy", "host-1", Duration.ofMillis(20)), 9, System.nanoTime(), System::nanoTime)
                .onLost(lost::countDown);
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** By a clock that goes on only when somebody looks, the lease is still good when its alarm rings first. */
    @Test
    void tellsByItselfAlsoWhenItsAlarmRangTooEarly() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        AtomicLong now = new AtomicLong();
        Lease.granted(new Claim("deploy", "host-1", Duration.ofMillis(40)), 9, 0, () -> now.addAndGet(5_000_000))
                .onLost(lost::countDown);
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isRenewedFromWhenThatWasAskedFor() throws Exception {
        pass(20);
        long asked = nanoTime.get();
        pass(5);
        lease.renewed(asked);
        assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(25));
        pass(24);
        lease.check();
    }

    @Test
    void isNotShortenedByARenewalThatTookLong() throws Exception {
        long early = nanoTime.get();
        pass(10);
        lease.renewed(nanoTime.get());
        lease.renewed(early);
        assertThat(lease.remaining()).isEqualTo(TERM);
    }

    @Test
    void staysLostWhenARenewalComesTooLate() {
        long asked = nanoTime.get() + Duration.ofSeconds(29).toNanos();
        pass(31);
        assertThatThrownBy(() -> lease.renewed(asked)).isInstanceOf(LostLeaseException.class);
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void tellsOnceThatTheStoreCallsItLost() {
        lease.onLost(() -> told.add("lost"));
        Registration takenBack = lease.onLost(() -> told.add("unwanted"));
        takenBack.close();
        assertThat(lease.lose("host-2 has it")).hasMessageContaining("host-2 has it");
        assertThat(lease.lose("it is gone")).hasMessageContaining("host-2 has it");
        lease.onLost(() -> told.add("late"));
        assertThat(told).containsExactly("lost", "late");
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void tellsNobodyThatItWasGivenBack() {
        lease.onLost(() -> told.add("lost"));
        lease.released();
        lease.onLost(() -> told.add("late"));
        assertThat(lease.remaining()).isZero();
        assertThat(told).isEmpty();
        assertThatThrownBy(lease::check).hasMessageContaining("given back");
    }

    private void pass(int seconds) {
        nanoTime.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
