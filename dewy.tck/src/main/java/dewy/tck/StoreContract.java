package dewy.tck;

import static dewy.tck.Applicable.when;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Registration;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Store;
import dewy.api.store.Watching;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is demanded of stores, of two instances that stand for two hosts; both are opened before each test, and ask for
 * nothing before they are used. Time is the test's: where a store cannot be given a clock, as one that is a program of its
 * own, what it holds is made to end so much sooner.
 *
 * <p>What is demanded of values and of leases is inherited; here is what holds for a store that tells who watches.
 */
public abstract class StoreContract extends LeaseContract {
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
}
