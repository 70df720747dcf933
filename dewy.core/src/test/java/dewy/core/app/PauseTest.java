package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancelledException;
import dewy.api.control.AppState;
import dewy.archive.disk.Watch;
import dewy.archive.disk.WatchedDisk;
import dewy.cache.file.FileCacheProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An app that is paused while others do the same, or as it ends. */
@Timeout(30)
class PauseTest {
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final Path journal;
    private final ScriptedHost host;
    private volatile boolean slow;

    PauseTest(@TempDir Path folder) {
        journal = folder.resolve("app/.dewy/journal");
        Watch watch = new Watch() {
            @Override
            public void before(Call call, Path path) {
                if (slow && call == Call.WRITE && path.equals(journal)) {
                    writing.countDown();
                    await(goesOn);
                }
            }
        };
        host = new ScriptedHost(new WatchedDisk(watch).path(folder), new FileCacheProvider());
    }

    @AfterEach
    void end() {
        goesOn.countDown();
        host.end();
    }

    @Test
    void isOverBeforeTheAppLetsGoOfItsJournal() throws Exception {
        App app = host.app();
        slow = true;
        Doing pause = new Doing(() -> app.pause("bob"));
        await(writing);
        Doing end = new Doing(() -> app.stop("the test goes on"));
        end.awaitObstacle();
        assertThat(end.task.isDone()).isFalse();
        goesOn.countDown();
        pause.task.get();
        end.task.get();
        host.restart();
        assertThat(host.app().status().state()).isEqualTo(AppState.PAUSED);
    }

    @Test
    void isRefusedOnceTheAppHasEnded() throws Exception {
        App app = host.app();
        app.stop("the test goes on");
        long length = Files.size(journal);
        assertThatThrownBy(() -> app.pause("bob"))
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("its app has ended");
        assertThatThrownBy(() -> app.resume("bob")).isInstanceOf(CancelledException.class);
        assertThat(journal).hasSize(length);
        assertThat(host.told("app.paused")).isEmpty();
    }

    @Test
    void isResumedOnceByAllWhoDoSoInTheSameMoment() throws Exception {
        App app = host.app();
        app.pause("bob");
        slow = true;
        Doing first = new Doing(() -> app.resume("alice"));
        await(writing);
        Doing second = new Doing(() -> app.resume("bob"));
        second.awaitObstacle();
        goesOn.countDown();
        first.task.get();
        second.task.get();
        assertThat(host.told("app.resumed")).hasSize(1);
        assertThat(Files.readAllLines(journal)).hasSize(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Something that is done on a thread of its own. */
    private static final class Doing {
        final FutureTask<Boolean> task;
        private final Thread thread;

        Doing(Work work) {
            task = new FutureTask<>(() -> {
                work.run();
                return true;
            });
            thread = new Thread(task);
            thread.start();
        }

        /** Returns when it waits for somebody to let go of something, or is done. */
        void awaitObstacle() {
            while (thread.getState() != Thread.State.BLOCKED && !task.isDone()) {
                Thread.onSpinWait();
            }
        }
    }
}
