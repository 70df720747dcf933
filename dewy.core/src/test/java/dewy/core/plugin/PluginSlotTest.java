package dewy.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PluginSlotTest {
    private static final PluginKind<Thing> KIND = new PluginKind<>("thing", ThingProvider.class);
    private static final Duration GRACE = Duration.ofMillis(200);
    private static final PluginUrl URL = new PluginUrl("test", "", "", Map.of());

    /** What is done to instances, in order. */
    private final List<String> log = new CopyOnWriteArrayList<>();

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Directory directory = new Directory();
    private final EventScope scope =
            new EventStream(InstantSource.system(), event -> events.add(event.type()), Runnable::run).scope("web");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final PluginSlot<Thing> slot = slot(Duration.ofSeconds(30));

    @AfterEach
    void end() {
        timer.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void opensAnInstanceOnceAndKeepsIt() throws DewyException {
        directory.best = plain("a");
        assertThat(slot.isFilled()).isFalse();
        assertThat(used()).isEqualTo("a");
        assertThat(used()).isEqualTo("a");
        assertThat(log).containsExactly("open a");
        assertThat(slot.isFilled()).isTrue();
        assertThat(slot.isFrom(directory.best)).isTrue();
        assertThat(slot.isFrom(plain("a"))).isFalse();
    }

    @Test
    void saysWhichPluginIsMissing() {
        assertThatThrownBy(this::used)
                .isInstanceOf(UnreachableException.class)
                .hasMessage("Cannot use the thing test: no plugin answers to \"test\". Known are: file, http");
        assertThatThrownBy(slot::fill)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Known are: file, http");
    }

    @Test
    void tellsAtOnceThatAUrlIsWrong() {
        directory.best = broken("a", new InvalidException(problem()));
        assertThatThrownBy(slot::fill).isInstanceOf(InvalidException.class).hasMessageContaining("for the test");
        assertThat(slot.isFilled()).isFalse();
    }

    /** As where many agents start at once: the app begins without it, as if it had been lost. */
    @Test
    void staysEmptyWhereAPluginTakesTooLongToOpenAndTriesAgainOnceItHas() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        directory.best = new TestOffer("a", (url, app) -> {
            log.add("open a");
            awaitUninterruptibly(slow);
            return new Thing("a");
        });
        try (PluginSlot<Thing> starting = slot(Duration.ofMillis(50))) {
            starting.fill();
            assertThat(events).containsExactly("plugin.stuck");
            assertThatThrownBy(() -> starting.use(call(), instance -> instance.name))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("the plugin does not come back");
            starting.settle();
            assertThat(log).as("no other thread that hangs").containsExactly("open a");

            slow.countDown();
            Await.until("the instance", () -> {
                starting.settle();
                return starting.isFilled();
            });
            assertThat(log).containsExactly("open a", "open a");
            assertThat(starting.<String>use(call(), instance -> instance.name)).isEqualTo("a");
        }
    }

    @Test
    void goesOnWithWhatWasInheritedOnceAPluginThatTookTooLongHasOpened() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        directory.best = new TestOffer("b", new Adopting("b", Optional.empty()) {
            @Override
            Thing holder() throws InvalidException {
                awaitUninterruptibly(slow);
                return super.holder();
            }
        });
        HandoverState left = new HandoverState(1, Map.of("name", "a"), Map.of());
        try (PluginSlot<Thing> starting = slot(Duration.ofMillis(50))) {
            starting.fill(Optional.of(left));
            slow.countDown();
            Await.until("the instance", () -> {
                starting.settle();
                return starting.isFilled();
            });
        }
        assertThat(log).containsExactly("adopt b from a", "adopt b from a", "close b");
    }

    @Test
    void closesTheOldInstanceWhenTheNewOneIsThere() throws DewyException {
        directory.best = plain("a");
        used();
        directory.best = plain("b");
        assertThat(used()).isEqualTo("b");
        assertThat(log).containsExactly("open a", "open b", "close a");
        assertThat(events).containsExactly("plugin.swapped");
    }

    @Test
    void handsOverWhatTheOldInstanceHolds() throws DewyException {
        directory.best = holding("a");
        used();
        directory.best = holding("b");
        assertThat(used()).isEqualTo("b");
        assertThat(log).containsExactly("open a", "prepare a", "adopt b from a", "commit a", "close a");
    }

    @Test
    void staysWithAnInstanceThatHoldsSomethingWhenTheNextProviderCannotAdopt() throws DewyException {
        directory.best = holding("a");
        used();
        directory.best = plain("b");
        assertThat(used()).isEqualTo("a");
        assertThat(log).containsExactly("open a");
        assertThat(events).containsExactly("plugin.refused");
    }

    @Test
    void staysWithTheOldInstanceWhenTheNewOneDoesNotOpen() throws DewyException {
        directory.best = plain("a");
        used();
        directory.best = broken("b", new InvalidException(problem()));
        assertThat(used()).isEqualTo("a");
        assertThat(log).containsExactly("open a", "open b");
        assertThat(events).containsExactly("plugin.refused");
    }

    @Test
    void returnsToTheOldInstanceWhenTheNewOneDoesNotAdopt() throws DewyException {
        directory.best = holding("a");
        used();
        for (Exception failure : List.of(new InvalidException(problem()), new IllegalStateException("for the test"))) {
            log.clear();
            events.clear();
            directory.best = broken("b", failure);
            assertThat(used()).isEqualTo("a");
            assertThat(log).containsExactly("prepare a", "adopt b from a", "abort a");
            assertThat(events).containsExactly("plugin.refused");
        }
    }

    @Test
    void triesARefusedProviderAgainOnlyAfterItWasAway() throws DewyException {
        Offer<Thing> old = plain("a");
        Offer<Thing> refused = broken("b", new InvalidException(problem()));
        directory.best = old;
        used();
        directory.best = refused;
        used();
        used();
        assertThat(log).containsExactly("open a", "open b");
        slot.vacate(refused);
        used();
        assertThat(log).containsExactly("open a", "open b", "open b");
    }

    @Test
    void replacesNoInstanceThatIsInUse() throws DewyException {
        directory.best = plain("a");
        slot.settle();
        String name = slot.use(call(), instance -> {
            directory.best = plain("b");
            slot.settle();
            return slot.current().orElseThrow().name + " of " + instance.name;
        });
        assertThat(name).isEqualTo("a of a");
        assertThat(log).containsExactly("open a");
        slot.settle();
        assertThat(log).containsExactly("open a", "open b", "close a");
    }

    @Test
    void isFreeAgainAfterAUseThatFailed() throws DewyException {
        directory.best = plain("a");
        slot.settle();
        assertThatThrownBy(() -> slot.use(call(), instance -> {
                    throw new UnreachableException(problem());
                }))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("for the test");
        directory.best = plain("b");
        slot.settle();
        assertThat(log).containsExactly("open a", "open b", "close a");
    }

    /** An app whose plugin has a bug goes on and tries again, as with any other failure. */
    @Test
    void makesAForeseenFailureOfWhatAPluginThrows() {
        directory.best = plain("a");
        slot.settle();
        assertThatThrownBy(() -> slot.use(call(), instance -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("use the thing test:")
                .hasMessageContaining("a bug")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void makesAForeseenFailureOfWhatAProviderThrows() {
        directory.best = broken("a", new IllegalStateException("a bug"));
        assertThatThrownBy(slot::fill).isInstanceOf(InvalidException.class).hasMessageContaining("a bug");
        assertThatThrownBy(this::used).isInstanceOf(UnreachableException.class).hasMessageContaining("a bug");
        slot.settle();
        assertThat(events).containsExactly("plugin.refused");
    }

    @Test
    void cancelsAndAwaitsTheUseOfAPluginThatLeaves() throws Exception {
        Offer<Thing> leaving = holding("a");
        directory.best = leaving;
        slot.settle();
        CountDownLatch inUse = new CountDownLatch(1);
        CompletableFuture<String> reason = new CompletableFuture<>();
        Thread user = new Thread(() -> {
            CancellableCall call = call();
            try {
                slot.use(call, instance -> {
                    CountDownLatch cancelled = new CountDownLatch(1);
                    call.onCancel(cancelled::countDown);
                    inUse.countDown();
                    await(cancelled);
                    log.add("leave " + instance.name);
                    call.check();
                    return true;
                });
            } catch (DewyException e) {
                reason.complete(e.getMessage());
            }
        });
        user.start();
        await(inUse);
        directory.best = null;
        slot.vacate(leaving);
        assertThat(log).containsExactly("open a", "leave a", "prepare a", "commit a", "close a");
        assertThat(reason.get(10, TimeUnit.SECONDS)).contains("the plugin thing:test was stopped");
        user.join();
    }

    @Test
    void keepsWhatALeavingInstanceHoldsForTheNextOne() throws DewyException {
        Offer<Thing> leaving = holding("a");
        directory.best = leaving;
        used();
        directory.best = null;
        slot.vacate(leaving);
        assertThat(log).containsExactly("open a", "prepare a", "commit a", "close a");
        assertThat(events).containsExactly("plugin.lost");
        assertThat(slot.isFilled()).isFalse();
        assertThatThrownBy(this::used).isInstanceOf(UnreachableException.class);
        log.clear();

        directory.best = holding("b");
        assertThat(used()).isEqualTo("b");
        directory.best = null;
        slot.close();
        assertThat(log).containsExactly("adopt b from a", "close b");
    }

    @Test
    void keepsWhatIsParkedWhenASuccessorDoesNotAdoptIt() throws DewyException {
        park("a");
        directory.best = broken("b", new InvalidException(problem()));
        assertThatThrownBy(this::used).isInstanceOf(UnreachableException.class).hasMessageContaining("for the test");
        directory.best = holding("c");
        used();
        assertThat(log).containsExactly("adopt b from a", "adopt c from a");
    }

    @Test
    void endsWhatIsParkedWhenTheSuccessorCannotAdopt() throws DewyException {
        park("a");
        directory.best = plain("b");
        assertThat(used()).isEqualTo("b");
        assertThat(log).containsExactlyInAnyOrder("close socket of a", "open b");
        slot.close();
        assertThat(log).filteredOn("close socket of a"::equals).hasSize(1);
    }

    @Test
    void staysPutWhenAnotherProviderLeaves() throws DewyException {
        directory.best = plain("a");
        used();
        slot.vacate(plain("b"));
        assertThat(slot.isFilled()).isTrue();
        assertThat(log).containsExactly("open a");
        assertThat(events).isEmpty();
    }

    @Test
    void leavesAnInstanceThatFailsToClose() throws DewyException {
        directory.best = new TestOffer("a", (url, app) -> new Thing("a") {
            @Override
            public void close() {
                throw new IllegalStateException("for the test");
            }
        });
        used();
        directory.best = plain("b");
        assertThat(used()).isEqualTo("b");
    }

    @Test
    void closesItsInstanceOnce() throws DewyException {
        directory.best = holding("a");
        used();
        slot.close();
        slot.close();
        assertThat(log).containsExactly("open a", "close a");
        assertThat(slot.isFilled()).isFalse();
    }

    @Test
    void endsWhatIsParkedWhenItCloses() throws DewyException {
        park("a");
        slot.close();
        slot.close();
        assertThat(log).containsExactly("close socket of a");
    }

    @Test
    void doesWhatIsLeftOfACycleOnNoOtherInstance() throws DewyException {
        Offer<Thing> leaving = plain("a");
        directory.best = leaving;
        used();
        directory.best = plain("b");
        slot.vacate(leaving);
        assertThatThrownBy(() -> slot.use(call(), instance -> instance.name)).isInstanceOf(UnreachableException.class);
        assertThat(used()).isEqualTo("b");
    }

    @Test
    void movesToAProviderThatIsNotTheBestAndStaysUntilItIsReleased() throws DewyException {
        directory.best = holding("a");
        used();
        Offer<Thing> next = holding("b");
        slot.moveTo(next);
        assertThat(used()).isEqualTo("b");
        slot.release();
        assertThat(used()).isEqualTo("a");
        assertThat(log)
                .containsExactly(
                        "open a",
                        "prepare a",
                        "adopt b from a",
                        "commit a",
                        "close a",
                        "prepare b",
                        "adopt a from b",
                        "commit b",
                        "close b");
    }

    @Test
    void isAsBeforeWhenItCannotMove() throws DewyException {
        directory.best = holding("a");
        used();
        Offer<Thing> broken = broken("b", new InvalidException(problem()));
        assertThatThrownBy(() -> slot.moveTo(broken)).isInstanceOf(InvalidException.class);
        assertThat(slot.isFrom(directory.best)).isTrue();
        assertThat(log).containsExactly("open a", "prepare a", "adopt b from a", "abort a");
    }

    @Test
    void hasAnInstanceHandBackWhatItAdoptedWhenItIsNotWell() throws DewyException {
        directory.best = holding("a");
        used();
        directory.best = new TestOffer("b", new Adopting("b", Optional.empty()) {
            @Override
            Thing holder() {
                return new IllHolder("b");
            }
        });
        assertThat(used()).isEqualTo("a");
        assertThat(log)
                .containsExactly(
                        "open a",
                        "prepare a",
                        "adopt b from a",
                        "commit a",
                        "close a",
                        "check b",
                        "prepare b",
                        "adopt a from b",
                        "commit b",
                        "close b");
        assertThat(events).containsExactly("plugin.refused");
    }

    @Test
    void doesNotMoveToAnInstanceThatIsNotWell() throws DewyException {
        directory.best = plain("a");
        used();
        directory.best = new TestOffer("b", (url, app) -> new IllHolder("b"));
        assertThat(used()).isEqualTo("a");
        assertThat(log).containsExactly("open a", "check b", "close b");
    }

    @Test
    void doesNotMoveToAProviderThatOneCannotComeBackFrom() throws DewyException {
        directory.best = new TestOffer("old", formats("old", 1, 1));
        used();
        directory.best = new TestOffer("new", formats("new", 2, 1, 2));
        assertThat(used()).isEqualTo("old");
        directory.best = new TestOffer("newer", formats("newer", 1, 2));
        assertThat(used()).isEqualTo("old");
        directory.best = new TestOffer("between", formats("between", 1, 1, 2));
        assertThat(used()).isEqualTo("between");
        assertThat(log).containsExactly("open old", "prepare old", "adopt between from old", "commit old", "close old");
        assertThat(events).containsExactly("plugin.refused", "plugin.refused", "plugin.swapped");
    }

    @Test
    void givesUpWhatDoesNotComeBackAndReplacesIt() throws DewyException {
        CountDownLatch never = new CountDownLatch(1);
        directory.best = plain("a");
        slot.settle();
        CancellableCall hanging = CancellableCall.of("test", Duration.ofMillis(100));
        assertThatThrownBy(() -> slot.use(hanging, instance -> awaitUninterruptibly(never)))
                .isInstanceOf(Guard.StuckException.class)
                .hasMessageContaining("does not come back; it hangs in " + PluginSlotTest.class.getName());
        assertThat(events).containsExactly("plugin.stuck");
        assertThat(used()).isEqualTo("a");
        assertThat(log).containsExactly("open a", "close a", "open a");
        never.countDown();
    }

    @Test
    void leavesAPluginAloneOfWhichSeveralCallsHang() throws DewyException {
        CountDownLatch never = new CountDownLatch(1);
        directory.best = plain("a");
        for (int hang = 0; hang < 3; hang++) {
            slot.settle();
            CancellableCall hanging = CancellableCall.of("test", Duration.ofMillis(10));
            assertThatThrownBy(() -> slot.use(hanging, instance -> awaitUninterruptibly(never)))
                    .isInstanceOf(Guard.StuckException.class);
        }
        assertThatThrownBy(this::used)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("does not come back");
        never.countDown();
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // It ignores that.
            }
        }
        return true;
    }

    private void park(String name) throws DewyException {
        Offer<Thing> leaving = holding(name);
        directory.best = leaving;
        used();
        directory.best = null;
        slot.vacate(leaving);
        log.clear();
    }

    /** Settles, as an app does at the beginning of a cycle, and uses the instance. */
    private String used() throws DewyException {
        slot.settle();
        return slot.use(call(), instance -> instance.name);
    }

    private static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofMinutes(1));
    }

    private static Problem problem() {
        return new Problem("fail", "", "for the test", "");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private interface ThingProvider extends Provider<Thing> {}

    private class Thing implements AutoCloseable {
        final String name;

        Thing(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            log.add("close " + name);
        }
    }

    /** A thing that holds a socket. */
    private class Holder extends Thing implements Handover {
        Holder(String name) {
            super(name);
        }

        @Override
        public HandoverState prepare(Call call) {
            log.add("prepare " + name);
            return new HandoverState(1, Map.of("name", name), Map.of("socket", new Socket(name)));
        }

        @Override
        public void commit() {
            log.add("commit " + name);
        }

        @Override
        public void abort() {
            log.add("abort " + name);
        }
    }

    /** One that has something to hold, and cannot do its work. */
    private final class IllHolder extends Holder implements HealthCheck {
        IllHolder(String name) {
            super(name);
        }

        @Override
        public void check(Call call) throws DewyException {
            log.add("check " + name);
            throw new UnreachableException(problem());
        }
    }

    private final class Socket implements ListeningSocket {
        private final String holder;

        Socket(String holder) {
            this.holder = holder;
        }

        @Override
        public String reference() {
            return "socket of " + holder;
        }

        @Override
        public boolean isSubstitute() {
            return false;
        }

        @Override
        public ListeningAddress address() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ListeningSocket duplicate() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void passTo(Path path, String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DescriptorLease lease() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            log.add("close socket of " + holder);
        }
    }

    private record TestOffer(String bundle, Provider<Thing> provider) implements Offer<Thing> {
        @Override
        public List<String> schemes() {
            return List.of("test");
        }
    }

    private PluginSlot<Thing> slot(Duration startLimit) {
        Guard guard = new Guard(workers, timer, System::nanoTime, GRACE);
        return new PluginSlot<>(KIND, URL, TestApp.in(Path.of("web")), directory, scope, guard, startLimit);
    }

    private Offer<Thing> plain(String name) {
        return new TestOffer(name, (url, app) -> {
            log.add("open " + name);
            return new Thing(name);
        });
    }

    private Offer<Thing> holding(String name) {
        return new TestOffer(name, new Adopting(name, Optional.empty()));
    }

    private Offer<Thing> broken(String name, Exception failure) {
        return new TestOffer(name, new Adopting(name, Optional.of(failure)));
    }

    private AdoptingProvider<Thing> formats(String name, int writes, Integer... reads) {
        return new Adopting(name, Optional.empty()) {
            @Override
            public int format() {
                return writes;
            }

            @Override
            public boolean adopts(int format) {
                return List.of(reads).contains(format);
            }
        };
    }

    private class Adopting implements AdoptingProvider<Thing> {
        private final String name;
        private final Optional<Exception> failure;

        Adopting(String name, Optional<Exception> failure) {
            this.name = name;
            this.failure = failure;
        }

        @Override
        public Thing open(PluginUrl url, AppContext app) throws InvalidException {
            log.add("open " + name);
            return holder();
        }

        @Override
        public Thing adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
            log.add("adopt " + name + " from " + state.data().get("name"));
            return holder();
        }

        Thing holder() throws InvalidException {
            if (failure.isPresent()) {
                if (failure.get() instanceof InvalidException invalid) {
                    throw invalid;
                }
                throw (RuntimeException) failure.get();
            }
            return new Holder(name);
        }
    }

    private static final class Directory implements PluginDirectory {
        volatile @Nullable Offer<Thing> best;

        @Override
        @SuppressWarnings("unchecked")
        public <T extends AutoCloseable> Optional<Offer<T>> best(PluginKind<T> kind, String scheme) {
            assertThat(kind).isEqualTo(KIND);
            assertThat(scheme).isEqualTo("test");
            return Optional.ofNullable((Offer<T>) best);
        }

        @Override
        public String advice(PluginKind<?> kind, String scheme) {
            return "Known are: file, http";
        }

        @Override
        public Registration listen(Listener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
