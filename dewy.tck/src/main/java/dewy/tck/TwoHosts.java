package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.api.store.Claim;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Store;
import dewy.api.store.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store as two hosts have it, and what its tests are made of. */
abstract class TwoHosts extends ProviderContract<Store> {
    static final String KEY = "app/current";
    static final String NAME = "deploy";
    static final String HERE = "host-1";
    static final String THERE = "host-2";

    /** How often is tried what goes wrong only sometimes. */
    static final int ROUNDS = 20;

    private final List<Store> opened = new ArrayList<>();
    final CancellableCall call = call(Duration.ofMinutes(2));
    Store here;
    Store there;

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

    static void increment(Store store, Call call, String key) throws Exception {
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
    interface Work {
        void by(Store store) throws Exception;
    }

    /** Has two threads of each host do the same. */
    final void inFourThreads(Work work) throws Throwable {
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

    final void assertHolds(Entry entry) throws DewyException {
        assertThat(there.read(call, entry.key())).contains(entry);
    }

    final Entry create(Store store, String key, String value) throws DewyException {
        return write(store, Write.create(key, value));
    }

    final Entry replace(Store store, Entry before, String value) throws DewyException {
        return write(store, Write.replace(before, value));
    }

    final Entry write(Store store, Write write) throws DewyException {
        return store.compareAndSet(call, write).orElseThrow(() -> new AssertionError("refused: " + write));
    }

    final Store opened(Provider<Store> provider, TestApp app) throws Exception {
        Store store = provider.open(PluginUrl.parse(url()), app);
        opened.add(store);
        return store;
    }

    final Claim claim(String owner) {
        return new Claim(NAME, owner, term());
    }

    final Lease acquire(Store store, String owner) throws DewyException {
        Lease lease = store.acquire(call, claim(owner)).orElseThrow(() -> new AssertionError("it is held by another"));
        assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(term());
        return lease;
    }
}
