package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Watching;
import dewy.api.store.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is demanded of stores, of two instances that stand for two hosts; both are opened before each test, and ask for
 * nothing before they are used. Time is the test's: where a store cannot be given a clock, as one that is a program of its
 * own, what it holds is made to end so much sooner.
 */
public abstract class StoreContract extends ProviderContract<Store> {
    private static final String KEY = "app/current";
    private static final String NAME = "deploy";
    private static final String HERE = "host-1";
    private static final String THERE = "host-2";

    /** How often is tried what goes wrong only sometimes. */
    private static final int ROUNDS = 20;

    private final List<Store> opened = new ArrayList<>();
    private final CancellableCall call = call(Duration.ofMinutes(2));
    private Store here;
    private Store there;

    /** Returns a provider as another host has it, which shares nothing with the other one; the same one during a test. */
    protected abstract Provider<Store> otherProvider();

    /** Has so much time pass, for the store and on the clocks of all hosts. */
    protected abstract void advance(Duration time) throws Exception;

    /** Has so much time pass for the store, while the clocks of the hosts stand still, as those of suspended ones do. */
    protected void oversleep(Duration time) throws Exception {
        advance(time);
    }

    /** Has the answer to the next request come so much later, on all clocks, than the store did what was asked. */
    protected abstract void delay(Duration time) throws Exception;

    /** Returns the term of leases and the time to live of values: not less than the store can have. */
    protected Duration term() {
        return Duration.ofSeconds(30);
    }

    /** Returns how much later than they should values and leases may end. */
    protected Duration lateness() {
        return Duration.ZERO;
    }

    /** Of another host it is opened with {@link TestApp#on}. */
    @Override
    public TestApp app() {
        return TestApp.in(folder.resolve("app"));
    }

    /** Counts, and lists. */
    @Override
    public void use(Store store, Call during) throws Exception {
        increment(store, during, "used by " + Thread.currentThread().getId());
        assertThat(store.list(during, "used by ")).isNotEmpty();
    }

    @Override
    public boolean sharesInstances() {
        return true;
    }

    @BeforeEach
    void openHereAndThere() throws Exception {
        here = opened(provider(), app());
        there = opened(otherProvider(), app().on(THERE));
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Store::close);
        call.close();
    }

    // Values

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

    // Time to live

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

    // Leases

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

    // Watches

    @TestFactory
    Stream<DynamicTest> tellsWhoWatches() throws Exception {
        return when(isWatching(), "of what changes below a prefix", () -> {
            BlockingQueue<Map.Entry<String, Long>> told = new LinkedBlockingQueue<>();
            Registration watch = ((Watching) here).watch("app/", (key, revision) -> told.add(Map.entry(key, revision)));
            create(there, "other", "1");
            Entry first = create(there, KEY, "1");
            awaitTold(told, KEY, first.revision());
            Entry second = replace(here, first, "2");
            awaitTold(told, KEY, second.revision());
            there.compareAndDelete(call, Delete.of(second));
            awaitTold(told, KEY, 0);
            watch.close();
            watch.close();
        });
    }

    @TestFactory
    Stream<DynamicTest> tellsNobodyWhoWatchesNoMore() throws Exception {
        return when(isWatching(), "once that was taken back", () -> {
            BlockingQueue<Map.Entry<String, Long>> told = new LinkedBlockingQueue<>();
            BlockingQueue<Map.Entry<String, Long>> toldAnother = new LinkedBlockingQueue<>();
            Registration watch = ((Watching) here).watch("", (key, revision) -> told.add(Map.entry(key, revision)));
            ((Watching) here).watch("", (key, revision) -> toldAnother.add(Map.entry(key, revision)));
            Entry first = create(there, KEY, "1");
            awaitTold(told, KEY, first.revision());
            watch.close();
            told.clear();
            Entry second = replace(there, first, "2");
            awaitTold(toldAnother, KEY, second.revision());
            assertThat(told).doesNotContain(Map.entry(KEY, second.revision()));
        });
    }

    private static void awaitTold(BlockingQueue<Map.Entry<String, Long>> told, String key, long revision)
            throws InterruptedException {
        Map.Entry<String, Long> next;
        do {
            next = told.poll(Calls.PLENTY.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).as("what is told after revision %d", revision).isNotNull();
            assertThat(next.getKey()).isEqualTo(key);
        } while (next.getValue() != revision);
    }

    private boolean isWatching() throws Exception {
        try (Store store = open()) {
            return store instanceof Watching;
        }
    }

    // What the tests are made of

    private static void increment(Store store, Call call, String key) throws Exception {
        Optional<Entry> written = Optional.empty();
        while (written.isEmpty()) {
            call.check();
            Write write = store.read(call, key)
                    .map(before -> Write.replace(before, String.valueOf(Integer.parseInt(before.value()) + 1)))
                    .orElseGet(() -> Write.create(key, "1"));
            written = store.compareAndSet(call, write);
        }
    }

    /** What is done by several at once. */
    private interface Work {
        void by(Store store) throws Exception;
    }

    /** Has two threads of each host do the same. */
    private void inFourThreads(Work work) throws Throwable {
        CountDownLatch all = new CountDownLatch(4);
        List<InProgress> working = new ArrayList<>();
        for (Store store : List.of(here, there, here, there)) {
            working.add(InProgress.start("one of four threads", () -> {
                all.countDown();
                all.await();
                work.by(store);
            }));
        }
        for (InProgress one : working) {
            one.await(Calls.PLENTY);
        }
    }

    private Claim claim(String owner) {
        return new Claim(NAME, owner, term());
    }

    private Lease acquire(Store store, String owner) throws DewyException {
        Lease lease = store.acquire(call, claim(owner)).orElseThrow(() -> new AssertionError("it is held by another"));
        assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(term());
        return lease;
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

    private void assertHolds(Entry entry) throws DewyException {
        assertThat(there.read(call, entry.key())).contains(entry);
    }

    private Entry create(Store store, String key, String value) throws DewyException {
        return write(store, Write.create(key, value));
    }

    private Entry replace(Store store, Entry before, String value) throws DewyException {
        return write(store, Write.replace(before, value));
    }

    private Entry write(Store store, Write write) throws DewyException {
        return store.compareAndSet(call, write).orElseThrow(() -> new AssertionError("refused: " + write));
    }

    private Duration quarters(int number) {
        return term().multipliedBy(number).dividedBy(4);
    }

    private Store opened(Provider<Store> provider, TestApp app) throws Exception {
        Store store = provider.open(PluginUrl.parse(url()), app);
        opened.add(store);
        return store;
    }
}
