package dewy.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Registration;
import dewy.api.event.Event;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final EventStream stream = new EventStream(InstantSource.system(), event -> {}, pool);
    private final EventScope scope = stream.scope("web");

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    @Test
    void tellsAListenerFromTheSequenceItAsksFor() throws Exception {
        skip(5);
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        try (Registration unused = stream.subscribe(4, heard::add)) {
            skip(1);
            List<Event> events = List.of(take(heard), take(heard), take(heard));
            assertThat(events).extracting(Event::sequence).containsExactly(4L, 5L, 6L);
        }
    }

    @Test
    void goesOnTellingAListenerThatThrew() throws Exception {
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        try (Registration unused = stream.subscribe(1, event -> {
            heard.add(event);
            throw new IllegalArgumentException("a listener's fault");
        })) {
            skip(2);
            take(heard);
            assertThat(take(heard).sequence()).isEqualTo(2);
        }
    }

    @Test
    void isNotHeldUpByASlowListener() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        try (Registration unused = stream.subscribe(1, event -> await(blocked));
                Registration other = stream.subscribe(1, heard::add)) {
            skip(3);
            for (int i = 1; i <= 3; i++) {
                assertThat(take(heard).sequence()).isEqualTo(i);
            }
        } finally {
            blocked.countDown();
        }
    }

    @Test
    void hasNoThreadForAListenerWithNothingToHear() throws Exception {
        BlockingQueue<Thread> tellers = new LinkedBlockingQueue<>();
        ExecutorService one = Executors.newSingleThreadExecutor();
        EventStream sparing = new EventStream(InstantSource.system(), event -> {}, one);
        for (int i = 0; i < 100; i++) {
            sparing.subscribe(1, event -> tellers.add(Thread.currentThread()));
        }
        sparing.scope("web").publish(EventKind.CYCLE_SKIPPED, "for the test");
        one.shutdown();
        assertThat(one.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(tellers).hasSize(100);
        assertThat(Set.copyOf(tellers)).hasSize(1);
    }

    @Test
    void forgetsTheOldestThatASlowListenerHasNotHeard() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
        Subscription slow = stream.subscribe(1, event -> true, event -> {
            await(blocked);
            heard.add(event.sequence());
        });
        skip(EventStream.KEPT + 10);
        blocked.countDown();
        slow.finish(Duration.ofSeconds(20));
        assertThat(heard).endsWith(1_010L).doesNotContain(5L).hasSizeBetween(1_000, 1_001);
    }

    @Test
    void tellsNoMoreThanIsWanted() throws Exception {
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        Subscription subscription = stream.subscribe(1, event -> event.sequence() % 2 == 0, heard::add);
        skip(5);
        subscription.finish(Duration.ofSeconds(20));
        assertThat(heard).extracting(Event::sequence).containsExactly(2L, 4L);
        skip(1);
        assertThat(heard).hasSize(2);
    }

    @Test
    void showsWhatIsKeptToWhoeverLooks() {
        assertThat(stream.since(1)).isEmpty();
        skip(1_005);
        assertThat(stream.since(1))
                .hasSize(1_000)
                .first()
                .extracting(Event::sequence)
                .isEqualTo(6L);
        assertThat(stream.since(1_004)).extracting(Event::sequence).containsExactly(1_004L, 1_005L);
        assertThat(stream.since(1_006)).isEmpty();
    }

    @Test
    void leavesOutDetailsThatAreEmpty() throws Exception {
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        try (Registration unused = stream.subscribe(1, heard::add)) {
            scope.publish(EventKind.DEPLOYMENT_STARTED, "v1.0.0", "", "");
            assertThat(take(heard).data()).containsOnlyKeys("version");
        }
    }

    private void skip(int times) {
        for (int i = 0; i < times; i++) {
            scope.publish(EventKind.CYCLE_SKIPPED, "for the test");
        }
    }

    private static Event take(BlockingQueue<Event> heard) throws InterruptedException {
        Event event = heard.poll(10, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
