package dewy.tck;

import static dewy.tck.Applicable.when;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Store;
import dewy.api.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is demanded of the values of a store: writes on a condition, lists, and times to live. */
abstract class ValueContract extends TwoHosts {
    @Test
    void holdsNothingAtFirst() throws Exception {
        assertThat(here.read(call, KEY)).isEmpty();
        assertThat(here.list(call, "")).isEmpty();
        assertThat(here.compareAndDelete(call, Delete.of(new Entry(KEY, "", 1))))
                .isFalse();
        assertThat(here.compareAndSet(call, Write.replace(new Entry(KEY, "", 1), "1")))
                .isEmpty();
        assertThat(here.list(call, "")).isEmpty();
    }

    @Test
    void showsEachHostWhatTheOtherWrote() throws Exception {
        Entry written = create(here, KEY, "1");
        assertThat(written.revision()).isPositive();
        assertHolds(written);
        assertHolds(replace(there, written, "2"));
    }

    @Test
    void createsOnlyWhatIsNotThere() throws Exception {
        Entry written = create(here, KEY, "1");
        assertThat(there.compareAndSet(call, Write.create(KEY, "2"))).isEmpty();
        assertHolds(written);
    }

    @Test
    void replacesOnlyWhatIsAsItWasRead() throws Exception {
        Entry first = create(here, KEY, "1");
        Entry second = replace(there, first, "2");
        assertThat(second).isEqualTo(new Entry(KEY, "2", second.revision()));
        assertThat(second.revision()).isGreaterThan(first.revision());
        assertThat(here.compareAndSet(call, Write.replace(first, "3"))).isEmpty();
        assertHolds(second);
    }

    @Test
    void deletesOnlyWhatIsAsItWasRead() throws Exception {
        Entry first = create(here, KEY, "1");
        Entry second = replace(there, first, "2");
        assertThat(here.compareAndDelete(call, Delete.of(first))).isFalse();
        assertHolds(second);
        assertThat(here.compareAndDelete(call, Delete.of(second))).isTrue();
        assertThat(there.read(call, KEY)).isEmpty();
        assertThat(there.list(call, "")).isEmpty();
        assertThat(there.compareAndDelete(call, Delete.of(second))).isFalse();
    }

    @Test
    void givesNoRevisionTwice() throws Exception {
        Entry first = create(here, KEY, "1");
        Entry second = replace(here, first, "2");
        Entry third = replace(here, second, "1");
        assertThat(third.revision()).isGreaterThan(second.revision());
        assertThat(there.compareAndSet(call, Write.replace(first, "3"))).isEmpty();
        here.compareAndDelete(call, Delete.of(third));
        Entry fourth = create(there, KEY, "1");
        assertThat(fourth.revision()).isGreaterThan(third.revision());
        assertThat(here.compareAndSet(call, Write.replace(first, "3"))).isEmpty();
        assertHolds(fourth);
    }

    @Test
    void listsWhatBeginsWithThePrefix() throws Exception {
        List<Entry> below = new ArrayList<>();
        for (String key : List.of("a", "a/", "a/b/c", "a*", "ab")) {
            below.add(create(here, key, "of " + key));
        }
        Entry above = create(here, "A", "of A");
        create(here, "b/a", "of b/a");
        assertThat(there.list(call, "a")).containsExactlyInAnyOrderElementsOf(below);
        assertThat(there.list(call, "a/")).extracting(Entry::key).containsExactlyInAnyOrder("a/", "a/b/c");
        assertThat(there.list(call, "a*")).extracting(Entry::key).containsExactly("a*");
        assertThat(there.list(call, "A")).containsExactly(above);
        assertThat(there.list(call, "")).hasSize(7);
        assertThat(there.list(call, "c")).isEmpty();
    }

    @Test
    void takesAnyKeyAndAnyValue() throws Exception {
        List<String> keys = List.of(
                " ", "a b", "../../x", "/", "a//b", ".", "a:b*c?d[e]", "100%41", "\"'\\", "ü😀", "x".repeat(256));
        for (String key : keys) {
            assertHolds(create(here, key, key));
        }
        assertThat(there.list(call, "")).extracting(Entry::key).containsExactlyInAnyOrderElementsOf(keys);
        for (String value : List.of("", "\0\r\n\t", "ü😀", "{\"a\": [1]}", "x".repeat(Store.LONGEST_VALUE))) {
            Entry before = here.read(call, "/").orElseThrow();
            assertThat(replace(here, before, value).value()).isEqualTo(value);
            assertThat(there.read(call, "/").map(Entry::value)).contains(value);
        }
    }

    @Test
    void keepsAppsApart() throws Exception {
        Store other = opened(provider(), app().named("docs"));
        Entry written = create(here, KEY, "1");
        Lease lease = acquire(here, HERE);
        assertThat(other.read(call, KEY)).isEmpty();
        create(other, KEY, "of the other one");
        assertThat(other.acquire(call, claim(THERE))).isPresent();
        here.renew(call, lease);
        assertHolds(written);
    }

    @Test
    void hostsCountTogether() throws Throwable {
        inFourThreads(store -> {
            for (int i = 0; i < 25; i++) {
                increment(store, call, KEY);
            }
        });
        assertThat(here.read(call, KEY).map(Entry::value)).contains("100");
    }

    @Test
    void ofSeveralAtOnceOneCreatesAndOneDeletes() throws Throwable {
        for (int round = 0; round < ROUNDS; round++) {
            Queue<Entry> created = new ConcurrentLinkedQueue<>();
            inFourThreads(
                    store -> store.compareAndSet(call, Write.create(KEY, "1")).ifPresent(created::add));
            assertThat(created).as("those who created it").hasSize(1);
            Queue<Boolean> deleted = new ConcurrentLinkedQueue<>();
            inFourThreads(store -> deleted.add(store.compareAndDelete(call, Delete.of(created.element()))));
            assertThat(deleted).as("who deleted it").containsOnlyOnce(true);
        }
    }

    @TestFactory
    Stream<DynamicTest> neverCallsRefusedWhatItDid() {
        return when(troubles().containsKey(Trouble.BREAKING_OFF), "when the answer breaks off", () -> {
            befall(Trouble.BREAKING_OFF);
            try {
                Store store = opened(provider(), app());
                assertThat(store.compareAndSet(call, Write.create(KEY, "1")))
                        .as("what was written by the request whose answer broke off")
                        .isPresent();
            } catch (DewyException unknown) {
                TypedFailure.check(unknown, DewyException.class, secrets());
            }
        });
    }

    @Test
    void doesNothingAtAllForACallThatIsOver() throws Exception {
        Entry written = create(here, KEY, "1");
        Lease lease = acquire(here, HERE);
        try (CancellableCall over = Calls.cancelled()) {
            List<ThrowingCallable> all = List.of(
                    () -> here.read(over, KEY),
                    () -> here.list(over, ""),
                    () -> here.compareAndSet(over, Write.replace(written, "2")),
                    () -> here.compareAndDelete(over, Delete.of(written)),
                    () -> here.acquire(over, claim(HERE)),
                    () -> here.renew(over, lease),
                    () -> here.release(over, lease));
            for (ThrowingCallable one : all) {
                TypedFailure.of(one, CancelledException.class, secrets());
            }
        }
        assertHolds(written);
        here.renew(call, lease);
    }

    @Test
    void forgetsWhatHasExpired() throws Exception {
        Entry expiring = write(here, Write.create(KEY, "1").expiring(term()));
        advance(term().dividedBy(2));
        assertHolds(expiring);
        assertThat(there.compareAndSet(call, Write.create(KEY, "2"))).isEmpty();
        advance(term().dividedBy(2).plus(lateness()));
        assertThat(there.read(call, KEY)).isEmpty();
        assertThat(here.read(call, KEY)).isEmpty();
    }

    @Test
    void listsNothingThatHasExpired() throws Exception {
        Entry kept = create(here, "kept", "1");
        Entry expiring = write(here, Write.create(KEY, "1").expiring(term()));
        advance(term().dividedBy(2));
        assertThat(there.list(call, "")).containsExactlyInAnyOrder(kept, expiring);
        advance(term().dividedBy(2).plus(lateness()));
        assertThat(there.list(call, "")).containsExactly(kept);
    }

    @Test
    void writesWhereSomethingHasExpired() throws Exception {
        Entry expiring = write(here, Write.create(KEY, "1").expiring(term()));
        advance(term().plus(lateness()));
        assertThat(here.compareAndSet(call, Write.replace(expiring, "2"))).isEmpty();
        assertThat(here.compareAndDelete(call, Delete.of(expiring))).isFalse();
        Entry again = create(there, KEY, "1");
        assertThat(again.revision()).isGreaterThan(expiring.revision());
        assertHolds(again);
    }

    @Test
    void aWriteSetsTheTimeToLiveAnew() throws Exception {
        Entry prolonged = write(here, Write.create("prolonged", "1").expiring(term()));
        Entry lasting = write(here, Write.create("lasting", "1").expiring(term()));
        advance(term().dividedBy(2));
        Entry last = write(there, Write.replace(prolonged, "2").expiring(term()));
        Entry lasts = replace(there, lasting, "2");
        advance(term().dividedBy(2).plus(lateness()));
        assertHolds(lasts);
        if (lateness().compareTo(term().dividedBy(2)) < 0) {
            assertHolds(last);
        }
        advance(term());
        assertThat(here.read(call, "prolonged")).isEmpty();
        assertHolds(lasts);
    }
}
