package dewy.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ServiceManager;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeartbeatTest {
    private static final String PING = "WATCHDOG=1\n";
    private static final String STATUS = "STATUS=1 app\n";

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final FixedManager manager = new FixedManager();
    private final FixedVitals vitals = new FixedVitals();
    private final Heartbeat heartbeat = new Heartbeat(() -> manager, timer, work::add);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void tellsThatTheAgentIsReadyThatItMakesProgressAndThatItStops() {
        heartbeat.start(vitals);
        heartbeat.ready(vitals);
        beat();
        beat();
        heartbeat.stop();
        beat();
        assertThat(manager.told).containsExactly("READY=1\n" + STATUS, PING, PING, "STOPPING=1\nSTATUS=Stopping");
    }

    @Test
    void tellsHowTheAppsAreDoingWhenThatChanges() {
        heartbeat.start(vitals);
        heartbeat.ready(vitals);
        vitals.summary = "1 app, 1 failing";
        beat();
        beat();
        assertThat(manager.told).endsWith("STATUS=1 app, 1 failing\n" + PING, PING);
    }

    @Test
    void isSilentWhileNoThreadDoesTheWork() {
        heartbeat.start(vitals);
        heartbeat.beat(vitals);
        heartbeat.beat(vitals);
        assertThat(work).hasSize(1);
        assertThat(manager.told).isEmpty();
    }

    @Test
    void isSilentWhileAnAppWaitsInVain() {
        heartbeat.start(vitals);
        vitals.good = false;
        beat();
        assertThat(manager.told).containsExactly(STATUS);
        vitals.good = true;
        beat();
        assertThat(manager.told).endsWith(PING);
        assertThat(vitals.patience).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void goesOnAfterAnAppThatThrows() {
        heartbeat.start(vitals);
        vitals.fault = Optional.of(new IllegalStateException("a bug of a plugin"));
        beat();
        vitals.fault = Optional.empty();
        beat();
        assertThat(manager.told).endsWith(STATUS + PING);
    }

    @Test
    void isSilentWhileTheTimerHangs() throws Exception {
        manager.watchdog = Optional.of(Duration.ofMillis(30));
        Heartbeat quick = new Heartbeat(() -> manager, timer, Runnable::run);
        quick.start(vitals);
        assertThat(manager.heard.take()).isEqualTo(STATUS + PING);
        assertThat(manager.heard.take()).isEqualTo(PING);

        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        timer.execute(() -> {
            hangs.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        hangs.await();
        manager.heard.clear();
        assertThat(manager.heard.poll(200, TimeUnit.MILLISECONDS)).isNull();
        goesOn.countDown();
        assertThat(manager.heard.take()).isEqualTo(PING);
    }

    @Test
    void tellsNobodyWhereThereIsNoServiceManager() {
        manager.present = false;
        heartbeat.start(vitals);
        heartbeat.ready(vitals);
        heartbeat.stop();
        assertThat(manager.told).isEmpty();
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void tellsTheStatusAloneWhereThereIsNoWatchdog() {
        manager.watchdog = Optional.empty();
        heartbeat.start(vitals);
        beat();
        beat();
        assertThat(manager.told).containsExactly(STATUS);
    }

    private void beat() {
        heartbeat.beat(vitals);
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    private static final class FixedVitals implements Heartbeat.Vitals {
        String summary = "1 app";
        boolean good = true;
        Duration patience = Duration.ZERO;
        Optional<RuntimeException> fault = Optional.empty();

        @Override
        public boolean areGood(Duration longest) {
            fault.ifPresent(thrown -> {
                throw thrown;
            });
            patience = longest;
            return good;
        }

        @Override
        public String summary() {
            return summary;
        }
    }

    private static final class FixedManager implements ServiceManager {
        final List<String> told = new CopyOnWriteArrayList<>();
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        boolean present = true;
        Optional<Duration> watchdog = Optional.of(Duration.ofSeconds(30));

        @Override
        public boolean isPresent() {
            return present;
        }

        @Override
        public void tell(String state) {
            told.add(state);
            heard.add(state);
        }

        @Override
        public Optional<Duration> watchdog() {
            return watchdog;
        }
    }
}
