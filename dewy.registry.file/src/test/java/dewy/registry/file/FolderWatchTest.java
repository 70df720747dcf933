package dewy.registry.file;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.api.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FolderWatchTest {
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final long LONGER_THAN_ANY_WAKE_UP_TAKES = 500;

    private final Path directory;
    private final Path root;
    private final FolderWatch watch;
    private final Semaphore wakes = new Semaphore(0);
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();

    FolderWatchTest(@TempDir Path directory) {
        this.directory = directory;
        this.root = directory.resolve("registry");
        this.watch = new FolderWatch(new RegistryFolder(root, SETTLE), Duration.ofMillis(50));
    }

    @AfterEach
    void close() {
        watch.close();
        logger().detachAppender(records);
    }

    @Test
    void wakesForAnArtifactInANewVersionFolder() throws Exception {
        watching();
        Path version = Files.createDirectory(root.resolve("v1.0.0"));
        awaitWakes(2);
        Files.writeString(version.resolve("app.tar.gz"), "x");

        awaitWakes(2);
    }

    @Test
    void wakesForAnArtifactInAFolderThatWasThereBefore() throws Exception {
        Files.createDirectories(root.resolve("v1.0.0"));
        watching();
        Path part = Files.writeString(directory.resolve("part"), "x");
        Files.move(part, root.resolve("v1.0.0/app.tar.gz"), StandardCopyOption.ATOMIC_MOVE);

        awaitWakes(2);
    }

    @Test
    void wakesForAFolderThatIsMovedIn() throws Exception {
        watching();
        Path staged = Files.createDirectory(directory.resolve("staged"));
        Files.writeString(staged.resolve("app.tar.gz"), "x");
        Files.move(staged, root.resolve("v1.0.0"));

        awaitWakes(2);
    }

    @Test
    void wakesOnceMoreWhenAnUploadHasSettled() throws Exception {
        Files.createDirectories(root.resolve("v1.0.0"));
        watching();
        Files.writeString(root.resolve("v1.0.0/app.tar.gz"), "x");
        long written = System.nanoTime();
        awaitWakes(2);

        assertThat(Duration.ofNanos(System.nanoTime() - written)).isGreaterThanOrEqualTo(SETTLE);
        assertQuiet();
    }

    @Test
    void aBurstOfEventsIsAFewWakeUps() throws Exception {
        watching();
        for (int i = 0; i < 300; i++) {
            Files.createDirectory(root.resolve("v1." + i));
            Files.writeString(root.resolve("v1." + i + "/app.tar.gz"), "x");
        }
        awaitWakes(1);
        int total = 1;
        while (wakes.tryAcquire(LONGER_THAN_ANY_WAKE_UP_TAKES, TimeUnit.MILLISECONDS)) {
            total++;
        }

        assertThat(total).isLessThan(40);
    }

    @Test
    void auditFilesAndUnfinishedUploadsWakeNobody() throws Exception {
        Files.createDirectories(root.resolve("v1.0.0"));
        watching();
        Files.createFile(root.resolve("v1.0.0/shipped_to_host-1_server_at_20260301T120000Z.txt"));
        Files.writeString(root.resolve("v1.0.0/.app.tar.gz.Xa81kq"), "x");
        Files.writeString(root.resolve("v1.0.0/app.tar.gz.part"), "x");

        assertQuiet();
    }

    @Test
    void beginsToWatchWhenTheFolderAppears() throws Exception {
        listen();
        assertQuiet();
        Files.createDirectory(root);
        awaitWakes(2);
        Files.createDirectory(root.resolve("v1.0.0"));

        awaitWakes(2);
    }

    @Test
    void goesOnWatchingWhenTheFolderIsReplaced() throws Exception {
        watching();
        Files.delete(root);
        Files.createDirectory(root);
        awaitWakes(2);
        assertQuiet();
        Files.createDirectory(root.resolve("v1.0.0"));

        awaitWakes(2);
    }

    @Test
    void saysOnceThatItCannotWatch() throws Exception {
        logger().setLevel(Level.DEBUG);
        records.start();
        logger().addAppender(records);
        listen();

        assertQuiet();
        assertThat(records.list).hasSize(1);
        assertThat(records.list.get(0).getLevel()).isEqualTo(Level.DEBUG);
        assertThat(records.list.get(0).getFormattedMessage()).contains("polled");
    }

    @Test
    void hasAThreadOnlyWhileSomebodyListens() throws Exception {
        Files.createDirectory(root);
        assertThat(threads()).isZero();
        Registration one = watch.onChange(wakes::release);
        Registration other = watch.onChange(() -> {});
        awaitWakes(1);
        assertThat(threads()).isEqualTo(1);
        one.close();
        assertThat(threads()).isEqualTo(1);
        other.close();
        other.close();
        assertThat(threads()).isZero();

        Registration again = watch.onChange(wakes::release);
        awaitWakes(1);
        again.close();
        assertThat(threads()).isZero();
    }

    @Test
    void aListenerMayTakeItselfBack() throws Exception {
        Files.createDirectory(root);
        CompletableFuture<Registration> registration = new CompletableFuture<>();
        registration.complete(watch.onChange(() -> {
            registration.join().close();
            wakes.release();
        }));

        awaitWakes(1);
        assertQuiet();
        assertThat(threads()).isZero();
    }

    @Test
    void aListenerThatFailsIsToldTheNextTimeToo() throws Exception {
        Files.createDirectory(root);
        watch.onChange(() -> {
            wakes.release();
            throw new IllegalStateException("broken listener");
        });

        awaitWakes(2);
    }

    /** Starts to watch an existing folder, and lets pass what that gives rise to. */
    private void watching() throws IOException, InterruptedException {
        Files.createDirectories(root);
        listen();
        awaitWakes(2);
        assertQuiet();
    }

    private void listen() {
        watch.onChange(wakes::release);
    }

    private void awaitWakes(int count) throws InterruptedException {
        assertThat(wakes.tryAcquire(count, 10, TimeUnit.SECONDS))
                .as("%s wake-ups", count)
                .isTrue();
    }

    private void assertQuiet() throws InterruptedException {
        assertThat(wakes.tryAcquire(LONGER_THAN_ANY_WAKE_UP_TAKES, TimeUnit.MILLISECONDS))
                .isFalse();
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dewy-watch " + root))
                .count();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(WatchLoop.class);
    }
}
