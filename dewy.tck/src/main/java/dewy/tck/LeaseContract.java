package dewy.tck;

import static dewy.tck.Applicable.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.DewyException;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Write;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is demanded of the leases of a store, by which a holder that overslept writes nothing any more. */
abstract class LeaseContract extends ValueContract {
    @Test
    void aLeaseIsHeldByOneOwnerUntilItIsGivenBack() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        Lease lease = acquire(here, HERE);
        lease.onLost(() -> told.add("lost"));
        assertThat(lease.name()).isEqualTo(NAME);
        assertThat(lease.owner()).isEqualTo(HERE);
        assertThat(there.acquire(call, claim(THERE))).isEmpty();
        assertThat(there.acquire(call, new Claim("other", THERE, term()))).isPresent();
        here.release(call, lease);
        here.release(call, lease);
        assertThat(lease.remaining()).isZero();
        assertThat(told).isEmpty();
        assertThat(acquire(there, THERE).token()).isGreaterThan(lease.token());
        assertThat(here.acquire(call, claim(HERE))).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> aLeaseThatIsGivenBackIsOverForItsHolder() {
        return when(troubles().containsKey(Trouble.DOWN), "also when the store cannot be asked", () -> {
            Lease lease = acquire(here, HERE);
            befall(Trouble.DOWN);
            Store store = opened(provider(), app());
            TypedFailure.of(() -> store.release(call, lease), DewyException.class, secrets());
            assertThat(lease.remaining()).isZero();
        });
    }

    @Test
    void aLeaseIsHeldUntilItsTimeIsOver() throws Exception {
        acquire(here, HERE);
        advance(term().dividedBy(2));
        assertThat(there.acquire(call, claim(THERE))).isEmpty();
        advance(term().dividedBy(2).plus(lateness()));
        acquire(there, THERE);
        assertThat(here.acquire(call, claim(HERE))).isEmpty();
    }

    @Test
    void aLeaseIsHeldAsLongAsItIsRenewed() throws Exception {
        Lease lease = acquire(here, HERE);
        for (int i = 0; i < 4; i++) {
            advance(term().dividedBy(2));
            here.renew(call, lease);
            lease.check();
            assertThat(there.acquire(call, claim(THERE))).isEmpty();
        }
        write(here, Write.create(KEY, "1").under(lease));
        advance(term().plus(lateness()));
        acquire(there, THERE);
    }

    @Test
    void ofSeveralAtOnceOneIsGrantedALease() throws Throwable {
        for (int round = 0; round < ROUNDS; round++) {
            Queue<Lease> granted = new ConcurrentLinkedQueue<>();
            inFourThreads(store -> store.acquire(
                            call, claim("thread " + Thread.currentThread().getId()))
                    .ifPresent(granted::add));
            assertThat(granted).as("those who were granted it").hasSize(1);
            there.release(call, granted.element());
        }
    }

    @Test
    void aLeaseIsGoodFromBeforeItWasAskedFor() throws Exception {
        delay(term().dividedBy(4));
        Lease lease = acquire(here, HERE);
        assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(quarters(3));
        advance(quarters(2));
        assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(quarters(1));
        delay(term().dividedBy(8));
        here.renew(call, lease);
        assertThat(lease.remaining()).isGreaterThan(quarters(1)).isLessThanOrEqualTo(term().minus(term().dividedBy(8)));
    }

    @Test
    void tellsItsHolderThatItsTimeIsOver() throws Exception {
        Lease lease = acquire(here, HERE);
        CountDownLatch lost = new CountDownLatch(1);
        lease.onLost(lost::countDown);
        advance(term());
        assertThat(lease.remaining()).isZero();
        assertThat(catchThrowable(lease::check)).isInstanceOf(LostLeaseException.class);
        assertThat(lost.await(Calls.PLENTY.toSeconds(), TimeUnit.SECONDS))
                .as("the holder was told")
                .isTrue();
    }

    @Test
    void anOwnerIsGrantedItsLeaseAnewAndHasLostTheOneBefore() throws Exception {
        Entry written = create(here, KEY, "1");
        Lease before = acquire(here, HERE);
        Lease after = acquire(there, HERE);
        assertThat(after.token()).isGreaterThan(before.token());
        assertLost(
                before,
                () -> here.compareAndSet(call, Write.replace(written, "2").under(before)));
        assertHolds(written);
        assertHolds(write(there, Write.replace(written, "3").under(after)));
    }

    @Test
    void aHolderThatOversleptCannotWrite() throws Exception {
        Entry written = create(here, KEY, "1");
        Lease before = acquire(here, HERE);
        Lease after = succeeding(before);
        assertLost(
                before,
                () -> here.compareAndSet(call, Write.replace(written, "2").under(before)));
        assertThat(there.read(call, KEY)).contains(written);
        assertHolds(write(there, Write.replace(written, "3").under(after)));
    }

    @Test
    void aHolderThatOversleptCannotCreate() throws Exception {
        Lease before = acquire(here, HERE);
        Lease after = succeeding(before);
        assertLost(before, () -> here.compareAndSet(call, Write.create(KEY, "2").under(before)));
        assertThat(there.read(call, KEY)).isEmpty();
        assertHolds(write(there, Write.create(KEY, "3").under(after)));
    }

    @Test
    void aHolderThatOversleptCannotDelete() throws Exception {
        Entry written = create(here, KEY, "1");
        Lease before = acquire(here, HERE);
        Lease after = succeeding(before);
        assertLost(before, () -> here.compareAndDelete(call, Delete.of(written).under(before)));
        assertHolds(written);
        assertThat(there.compareAndDelete(call, Delete.of(written).under(after)))
                .isTrue();
    }

    @Test
    void aHolderThatOversleptCannotRenew() throws Exception {
        Lease before = acquire(here, HERE);
        Lease after = succeeding(before);
        assertLost(before, () -> here.renew(call, before));
        write(there, Write.create(KEY, "1").under(after));
    }

    @Test
    void aHolderThatOversleptTakesNothingFromItsSuccessor() throws Exception {
        Lease before = acquire(here, HERE);
        Lease after = succeeding(before);
        here.release(call, before);
        there.renew(call, after);
        assertThat(here.acquire(call, claim(HERE))).isEmpty();
    }

    @Test
    void aLeaseThatRanOutIsGoodForNothingEvenIfNobodyTookIt() throws Exception {
        Lease lease = acquire(here, HERE);
        oversleep(term().plus(lateness()));
        assertLost(lease, () -> here.compareAndSet(call, Write.create(KEY, "1").under(lease)));
        assertThat(there.read(call, KEY)).isEmpty();
        Lease renewed = acquire(here, HERE);
        oversleep(term().plus(lateness()));
        assertLost(renewed, () -> here.renew(call, renewed));
    }

    @Test
    void aLostLeaseIsToldBeforeAnotherRevision() throws Exception {
        Entry first = create(here, KEY, "1");
        Lease before = acquire(here, HERE);
        Lease after = succeeding(before);
        Entry second = write(there, Write.replace(first, "2").under(after));
        assertLost(
                before, () -> here.compareAndSet(call, Write.replace(first, "3").under(before)));
        assertHolds(second);
    }

    @Test
    void underALeaseTheRevisionCountsAsWell() throws Exception {
        Entry first = create(here, KEY, "1");
        Lease lease = acquire(here, HERE);
        Entry second = replace(there, first, "2");
        assertThat(here.compareAndSet(call, Write.replace(first, "3").under(lease)))
                .isEmpty();
        assertThat(here.compareAndDelete(call, Delete.of(first).under(lease))).isFalse();
        assertHolds(second);
        assertThat(lease.remaining()).isPositive();
    }

    @Test
    void nothingIsWrittenUnderALeaseOnceItsSuccessorWasGranted() throws Throwable {
        for (int round = 0; round < ROUNDS; round++) {
            Lease before = acquire(here, HERE);
            Entry start = create(here, "round " + round, "");
            CountDownLatch begun = new CountDownLatch(3);
            InProgress writing = InProgress.start("writing", () -> {
                Entry last = start;
                while (true) {
                    last = write(here, Write.replace(last, last.value() + ".").under(before));
                    begun.countDown();
                }
            });
            begun.await();
            acquire(there, HERE);
            Optional<Entry> seen = there.read(call, start.key());
            Throwable end = catchThrowable(() -> writing.await(Calls.PLENTY));
            TypedFailure.check(end, LostLeaseException.class, secrets());
            assertThat(there.read(call, start.key())).isEqualTo(seen);
        }
    }

    @Test
    void aLeaseOutlivesItsInstance() throws Exception {
        Lease lease = acquire(here, HERE);
        here.close();
        Store next = opened(provider(), app());
        assertThat(there.acquire(call, claim(THERE))).isEmpty();
        advance(term().dividedBy(2));
        next.renew(call, lease);
        assertThat(lease.remaining()).isGreaterThan(term().dividedBy(2));
        assertHolds(write(next, Write.create(KEY, "1").under(lease)));
        next.release(call, lease);
        acquire(there, THERE);
    }

    @Test
    void leasesAreNoValues() throws Exception {
        Lease lease = acquire(here, HERE);
        assertThat(there.list(call, "")).isEmpty();
        Entry written = create(there, NAME, "1");
        here.renew(call, lease);
        assertHolds(written);
        here.release(call, lease);
        assertHolds(written);
        assertThat(acquire(there, THERE).token()).isGreaterThan(lease.token());
    }

    /** Has a lease end and returns that of the other host, of which the one before knows nothing. */
    private Lease succeeding(Lease before) throws Exception {
        oversleep(term().plus(lateness()));
        Lease after = acquire(there, THERE);
        assertThat(after.token()).isGreaterThan(before.token());
        return after;
    }

    private void assertLost(Lease lease, ThrowingCallable action) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        lease.onLost(() -> told.add("lost"));
        TypedFailure.of(action, LostLeaseException.class, secrets());
        assertThat(told).as("what its holder was told").containsExactly("lost");
        assertThat(lease.remaining()).isZero();
    }

    private Duration quarters(int number) {
        return term().multipliedBy(number).dividedBy(4);
    }
}
