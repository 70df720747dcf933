package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.plugin.AppContext;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Write;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Stores that are wrong in one thing each, as real ones have been, and the tests of the contract that find it. */
class BrokenStoresTest {
    /** Which tests of the contract fail. */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface FoundBy {
        String[] value();
    }

    @TestFactory
    Stream<DynamicTest> areFound() {
        return Arrays.stream(BrokenStoresTest.class.getDeclaredClasses())
                .filter(type -> type.isAnnotationPresent(FoundBy.class))
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .map(type -> dynamicTest(type.getSimpleName(), () -> assertFound(type)));
    }

    private static void assertFound(Class<?> type) {
        for (String test : type.getAnnotation(FoundBy.class).value()) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectMethod(type, test))
                    .build();
            LauncherFactory.create().execute(request, listener);
            assertThat(listener.getSummary().getTestsStartedCount()).as(test).isOne();
            assertThat(listener.getSummary().getFailures())
                    .as(test)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.getException())
                            .isInstanceOfAny(AssertionError.class, DewyException.class));
        }
    }

    /** Gives whoever does something at the same time the time to do it. */
    private static void pause() {
        LockSupport.parkNanos(1_000_000);
    }

    // Values

    @FoundBy({"replacesOnlyWhatIsAsItWasRead", "createsOnlyWhatIsNotThere"})
    static class WritesWhateverIsThere extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized Optional<Entry> set(Write write) throws Fenced {
                    return super.set(at(this, write));
                }
            };
        }
    }

    /** Returns a write that will be done. */
    private static Write at(MemoryServer server, Write write) {
        long revision = server.read(write.key()).map(Entry::revision).orElse(0L);
        return new Write(write.key(), write.value(), revision, write.timeToLive(), write.lease());
    }

    @FoundBy({"deletesOnlyWhatIsAsItWasRead"})
    static class DeletesWhateverIsThere extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized boolean delete(Delete delete) throws Fenced {
                    Optional<Entry> there = read(delete.key());
                    return there.isPresent()
                            && super.delete(new Delete(delete.key(), there.get().revision(), delete.lease()));
                }
            };
        }
    }

    /** As one that reads, compares and then writes without a condition. */
    @FoundBy({"hostsCountTogether", "ofSeveralAtOnceOneCreatesAndOneDeletes"})
    static class LooksBeforeItWrites extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                @SuppressWarnings("UnsynchronizedOverridesSynchronized")
                Optional<Entry> set(Write write) throws Fenced {
                    long revision = read(write.key()).map(Entry::revision).orElse(0L);
                    pause();
                    return revision == write.revision() ? setAnyway(write) : Optional.empty();
                }

                private synchronized Optional<Entry> setAnyway(Write write) throws Fenced {
                    return super.set(at(this, write));
                }
            };
        }
    }

    @FoundBy({"givesNoRevisionTwice", "writesWhereSomethingHasExpired"})
    static class CountsAnewWhatWasDeleted extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long nextRevision(Write write) {
                    return write.revision() + 1;
                }
            };
        }
    }

    /** As an ETag is. */
    @FoundBy({"givesNoRevisionTwice"})
    static class TakesTheContentForTheRevision extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long nextRevision(Write write) {
                    return 1 + Math.abs((long) write.value().hashCode());
                }
            };
        }
    }

    @FoundBy({"listsWhatBeginsWithThePrefix"})
    static class TakesAPrefixForAFolder extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean isBelow(String prefix, String key) {
                    return prefix.isEmpty() || key.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
                }
            };
        }
    }

    @FoundBy({"listsWhatBeginsWithThePrefix"})
    static class TakesAPrefixForAPattern extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean isBelow(String prefix, String key) {
                    return key.matches(prefix.replace("*", ".*") + ".*");
                }
            };
        }
    }

    @FoundBy({"listsWhatBeginsWithThePrefix"})
    static class KnowsNoCapitals extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean isBelow(String prefix, String key) {
                    return key.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT));
                }
            };
        }
    }

    @FoundBy({"keepsAppsApart"})
    static class KeepsAppsTogether extends MemoryStoreContractTest {
        @Override
        String server(AppContext app) {
            return "all";
        }
    }

    @FoundBy({"showsEachHostWhatTheOtherWrote", "hostsCountTogether", "aLeaseIsHeldByOneOwnerUntilItIsGivenBack"})
    static class KeepsHostsApart extends MemoryStoreContractTest {
        @Override
        String server(AppContext app) {
            return app.host();
        }
    }

    /** As clients do by themselves. */
    @FoundBy({"neverCallsRefusedWhatItDid"})
    static class TriesAgain extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public Optional<Entry> compareAndSet(Call call, Write write) throws DewyException {
                    try {
                        return super.compareAndSet(call, write);
                    } catch (UnreachableException e) {
                        return read(server, write);
                    }
                }

                private Optional<Entry> read(MemoryServer server, Write write) {
                    try {
                        return server.set(write);
                    } catch (MemoryServer.Fenced e) {
                        return Optional.empty();
                    }
                }
            };
        }
    }

    // Time to live

    @FoundBy({"forgetsWhatHasExpired", "aWriteSetsTheTimeToLiveAnew"})
    static class ForgetsNothing extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long until(Write write) {
                    return Long.MAX_VALUE;
                }
            };
        }
    }

    @FoundBy({"aWriteSetsTheTimeToLiveAnew"})
    static class LeavesTheTimeToLiveAsItWas extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long until(Write write) {
                    Value before = values.get(write.key());
                    return before == null ? super.until(write) : before.until();
                }
            };
        }
    }

    @FoundBy({"writesWhereSomethingHasExpired"})
    static class ForgetsOnlyWhenSomebodyLooks extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                private boolean writing;

                @Override
                synchronized Optional<Entry> set(Write write) throws Fenced {
                    writing = true;
                    Optional<Entry> written = super.set(write);
                    writing = false;
                    return written;
                }

                @Override
                void forgetExpired() {
                    if (!writing) {
                        super.forgetExpired();
                    }
                }
            };
        }
    }

    @FoundBy({"listsNothingThatHasExpired"})
    static class ListsWhatHasExpired extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized List<Entry> list(String prefix) {
                    return values.entrySet().stream()
                            .map(each -> new Entry(
                                    each.getKey(),
                                    each.getValue().text(),
                                    each.getValue().revision()))
                            .toList();
                }
            };
        }
    }

    @FoundBy({"forgetsWhatHasExpired"})
    static class ForgetsTooEarly extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long until(Write write) {
                    return write.timeToLive()
                            .map(time -> after(time.dividedBy(2)))
                            .orElse(Long.MAX_VALUE);
                }
            };
        }
    }

    // Leases

    @FoundBy({
        "aHolderThatOversleptCannotWrite",
        "aHolderThatOversleptCannotCreate",
        "aHolderThatOversleptCannotDelete",
        "aLeaseThatRanOutIsGoodForNothingEvenIfNobodyTookIt"
    })
    static class BelievesTheClockOfTheHolder extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean isHeld(Lease lease, @Nullable Grant grant) {
                    return true;
                }
            };
        }
    }

    @FoundBy({"anOwnerIsGrantedItsLeaseAnewAndHasLostTheOneBefore"})
    static class BelievesWhoeverIsCalledAsTheOwner extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean isHeld(Lease lease, @Nullable Grant grant) {
                    return grant != null && grant.owner().equals(lease.owner());
                }
            };
        }
    }

    /** As one whose lease and values are separate objects. */
    @FoundBy({"nothingIsWrittenUnderALeaseOnceItsSuccessorWasGranted"})
    static class LooksAtTheLeaseBeforeItWrites extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                @SuppressWarnings("UnsynchronizedOverridesSynchronized")
                Optional<Entry> set(Write write) throws Fenced {
                    if (write.lease().isPresent() && !isHeldNow(write.lease().get())) {
                        throw new Fenced();
                    }
                    pause();
                    return super.set(new Write(
                            write.key(), write.value(), write.revision(), write.timeToLive(), Optional.empty()));
                }

                private synchronized boolean isHeldNow(Lease lease) {
                    forgetExpired();
                    return isHeld(lease, grants.get(lease.name()));
                }
            };
        }
    }

    /** As one that remembers, with each value, the greatest token it was written with. */
    @FoundBy({"aHolderThatOversleptCannotWrite", "aHolderThatOversleptCannotCreate"})
    static class KnowsTheSuccessorByItsFirstWrite extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                private long greatest;

                @Override
                boolean isHeld(Lease lease, @Nullable Grant grant) {
                    greatest = Math.max(greatest, lease.token());
                    return lease.token() == greatest;
                }
            };
        }
    }

    @FoundBy({"aLostLeaseIsToldBeforeAnotherRevision"})
    static class LooksAtTheRevisionFirst extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized Optional<Entry> set(Write write) throws Fenced {
                    return isAt(write.key(), write.revision()) ? super.set(write) : Optional.empty();
                }
            };
        }
    }

    @FoundBy({"underALeaseTheRevisionCountsAsWell"})
    static class LooksAtTheLeaseOnly extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized Optional<Entry> set(Write write) throws Fenced {
                    return super.set(write.lease().isPresent() ? at(this, write) : write);
                }
            };
        }
    }

    @FoundBy({"aLeaseIsHeldByOneOwnerUntilItIsGivenBack", "ofSeveralAtOnceOneIsGrantedALease"})
    static class GrantsWhateverIsAskedFor extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean mayTake(Claim claim, Grant held) {
                    return true;
                }
            };
        }
    }

    @FoundBy({"ofSeveralAtOnceOneIsGrantedALease"})
    static class LooksBeforeItGrants extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                @SuppressWarnings("UnsynchronizedOverridesSynchronized")
                OptionalLong acquire(Claim claim) {
                    if (isGranted(claim)) {
                        return OptionalLong.empty();
                    }
                    pause();
                    return super.acquire(claim);
                }

                private synchronized boolean isGranted(Claim claim) {
                    forgetExpired();
                    return grants.containsKey(claim.name());
                }

                @Override
                boolean mayTake(Claim claim, Grant held) {
                    return true;
                }
            };
        }
    }

    @FoundBy({"anOwnerIsGrantedItsLeaseAnewAndHasLostTheOneBefore"})
    static class HasAnOwnerWaitForItself extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                boolean mayTake(Claim claim, Grant held) {
                    return false;
                }
            };
        }
    }

    @FoundBy({"anOwnerIsGrantedItsLeaseAnewAndHasLostTheOneBefore"})
    static class GrantsAnOwnerTheSameToken extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long nextToken(@Nullable Grant before) {
                    return before == null ? super.nextToken(before) : before.token();
                }
            };
        }
    }

    @FoundBy({"aLeaseIsHeldByOneOwnerUntilItIsGivenBack", "leasesAreNoValues", "aHolderThatOversleptCannotWrite"})
    static class CountsTokensAnewOnceALeaseIsFree extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long nextToken(@Nullable Grant before) {
                    return before == null ? 1 : before.token() + 1;
                }
            };
        }
    }

    @FoundBy({"aLeaseIsHeldUntilItsTimeIsOver"})
    static class HoldsLeasesForever extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                void forgetExpired() {
                    values.values().removeIf(value -> isOver(value.until()));
                }
            };
        }
    }

    @FoundBy({"aLeaseIsHeldAsLongAsItIsRenewed"})
    static class RenewsOnItsOwnSideOnly extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                long renewedUntil(Lease lease) {
                    Grant held = grants.get(lease.name());
                    return held == null ? 0 : held.until();
                }
            };
        }
    }

    @FoundBy({"aHolderThatOversleptCannotRenew", "aLeaseThatRanOutIsGoodForNothingEvenIfNobodyTookIt"})
    static class RenewsWhatWasLost extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized void renew(Lease lease) {
                    grants.put(lease.name(), new Grant(lease.owner(), lease.token(), renewedUntil(lease)));
                }
            };
        }
    }

    @FoundBy({"aHolderThatOversleptTakesNothingFromItsSuccessor"})
    static class ReleasesWhoeverHoldsIt extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized void release(Lease lease) {
                    grants.remove(lease.name());
                }
            };
        }
    }

    @FoundBy({"leasesAreNoValues"})
    static class KeepsLeasesAmongTheValues extends MemoryStoreContractTest {
        @Override
        MemoryServer server() {
            return new MemoryServer(clock) {
                @Override
                synchronized OptionalLong acquire(Claim claim) {
                    OptionalLong token = super.acquire(claim);
                    token.ifPresent(it -> values.put(claim.name(), new Value(claim.owner(), it, after(claim.term()))));
                    return token;
                }
            };
        }
    }

    @FoundBy({"aLeaseIsGoodFromBeforeItWasAskedFor"})
    static class CountsFromTheAnswer extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
                    return super.acquire(call, claim)
                            .map(lease -> Lease.granted(claim, lease.token(), clock.hosts(), clock::hosts));
                }
            };
        }
    }

    @FoundBy({"aLeaseIsGoodFromBeforeItWasAskedFor"})
    static class CountsRenewalsFromTheAnswer extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public void renew(Call call, Lease lease) throws DewyException {
                    super.renew(call, lease);
                    lease.renewed(clock.hosts());
                }
            };
        }
    }

    @FoundBy({"aLeaseIsHeldAsLongAsItIsRenewed", "aLeaseIsGoodFromBeforeItWasAskedFor"})
    static class RenewsOnTheSideOfTheStoreOnly extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public void renew(Call call, Lease lease) throws DewyException {
                    ask(call, Optional.of(lease), () -> {
                        server.renew(lease);
                        return lease;
                    });
                }
            };
        }
    }

    @FoundBy({"aHolderThatOversleptCannotWrite", "aHolderThatOversleptCannotRenew"})
    static class TellsNoHolderThatItLost extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                LostLeaseException lost(Lease lease) {
                    return Lease.granted(new Claim(lease.name(), lease.owner(), lease.term()), 1, 0, () -> 0)
                            .lose("it is another's");
                }
            };
        }
    }

    @FoundBy({"aLeaseIsHeldByOneOwnerUntilItIsGivenBack"})
    static class TellsWhoGaveALeaseBackThatItLost extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public void release(Call call, Lease lease) throws DewyException {
                    lost(lease);
                    super.release(call, lease);
                }
            };
        }
    }

    @FoundBy({"aLeaseThatIsGivenBackIsOverForItsHolder"})
    static class WaitsForTheStoreToTakeALeaseBack extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public void release(Call call, Lease lease) throws DewyException {
                    ask(call, Optional.empty(), () -> {
                        server.release(lease);
                        return lease;
                    });
                    lease.released();
                }
            };
        }
    }

    @FoundBy({"aLeaseOutlivesItsInstance"})
    static class KnowsItsOwnLeasesOnly extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                private final Set<Lease> granted = ConcurrentHashMap.newKeySet();

                @Override
                public Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
                    Optional<Lease> lease = super.acquire(call, claim);
                    lease.ifPresent(granted::add);
                    return lease;
                }

                @Override
                public void renew(Call call, Lease lease) throws DewyException {
                    if (!granted.contains(lease)) {
                        throw lost(lease);
                    }
                    super.renew(call, lease);
                }
            };
        }
    }

    // Watches

    @FoundBy({"tellsWhoWatches"})
    static class TellsOfAllKeys extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public Registration watch(String prefix, Watcher watcher) {
                    return super.watch("", watcher);
                }
            };
        }
    }

    @FoundBy({"tellsNobodyWhoWatchesNoMore"})
    static class TellsWhoWatchesNoMore extends MemoryStoreContractTest {
        @Override
        MemoryStore store(MemoryServer server) {
            return new MemoryStore(server, wire, clock) {
                @Override
                public Registration watch(String prefix, Watcher watcher) {
                    super.watch(prefix, watcher);
                    return () -> {};
                }
            };
        }
    }
}
