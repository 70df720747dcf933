package dewy.registry.file;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.api.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FolderWatchTest {
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofMillis(50);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long LONGER_THAN_ANY_WAKE_UP_TAKES = 500;

    private final Path directory;
    private final Path root;
    private final SystemWatch system = new SystemWatch();
    private final FolderWatch watch;
    /** When somebody was woken, by the monotonic clock. */
    private final BlockingQueue<Long> wakes = new LinkedBlockingQueue<>();

    private final ListAppender<ILoggingEvent> records = new ListAppender<>();

    FolderWatchTest(@TempDir Path directory) {
        this.directory = directory;
        this.root = directory.resolve("registry");
        this.watch = new FolderWatch(new RegistryFolder(root, SETTLE), system, RETRY);
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
        awaitWake();
        awaitQuiet();
        Files.writeString(version.resolve("app.tar.gz"), "x");

        awaitWake();
    }

    @Test
    void wakesForAnArtifactInAFolderThatWasThereBefore() throws Exception {
        Files.createDirectories(root.resolve("v1.0.0"));
        watching();
        Path part = Files.writeString(directory.resolve("part"), "x");
        Files.move(part, root.resolve("v1.0.0/app.tar.gz"), StandardCopyOption.ATOMIC_MOVE);

        awaitWake();
    }

    @Test
    void wakesForAFolderThatIsMovedIn() throws Exception {
        watching();
        Path staged = Files.createDirectory(directory.resolve("staged"));
        Files.writeString(staged.resolve("app.tar.gz"), "x");
        Files.move(staged, root.resolve("v1.0.0"));

        awaitWake();
    }

    @Test
    void wakesWhenAnUploadHasSettled() throws Exception {
        Files.createDirectories(root.resolve("v1.0.0"));
        watching();
        Files.writeString(root.resolve("v1.0.0/app.tar.gz"), "x");
        long written = System.nanoTime();
        long last = awaitWake();
        while (last - written < SETTLE.toNanos()) {
            last = awaitWake();
        }

        assertNoWake();
    }

    @Test
    void aBurstOfEventsIsAFewWakeUps() throws Exception {
        watching();
        for (int i = 0; i < 300; i++) {
            Files.createDirectory(root.resolve("v1." + i));
            Files.writeString(root.resolve("v1." + i + "/app.tar.gz"), "x");
        }

        assertThat(awaitQuiet()).isBetween(1, 100);
    }

    @Test
    void auditFilesAndUnfinishedUploadsWakeNobody() throws Exception {
        Files.createDirectories(root.resolve("v1.0.0"));
        watching();
        Files.createFile(root.resolve("v1.0.0/shipped_to_host-1_server_at_20260301T120000Z.txt"));
        Files.writeString(root.resolve("v1.0.0/.app.tar.gz.Xa81kq"), "x");
        Files.writeString(root.resolve("v1.0.0/app.tar.gz.part"), "x");

        assertNoWake();
    }

    @Test
    void beginsToWatchWhenTheFolderAppears() throws Exception {
        listen();
        assertNoWake();
        Files.createDirectory(root);
        awaitWake();
        awaitQuiet();
        Files.createDirectory(root.resolve("v1.0.0"));

        awaitWake();
    }

    @Test
    void goesOnWatchingWhenTheFolderIsReplaced() throws Exception {
        watching();
        Files.delete(root);
        Files.createDirectory(root);
        awaitWake();
        awaitQuiet();
        Files.createDirectory(root.resolve("v1.0.0"));

        awaitWake();
    }

    @Test
    void saysOnceThatItCannotWatch() throws Exception {
        logger().setLevel(Level.DEBUG);
        records.start();
        logger().addAppender(records);
        listen();
        await(() -> recorded() > 0);
        assertNoWake();
        watch.close();

        assertThat(recorded()).isEqualTo(1);
        assertThat(records.list.get(0).getLevel()).isEqualTo(Level.DEBUG);
        assertThat(records.list.get(0).getFormattedMessage()).contains("polled");
    }

    @Test
    void hasThreadsOnlyWhileSomebodyListens() throws Exception {
        Files.createDirectory(root);
        await(() -> threads() == 0);
        Registration one = listen();
        Registration other = watch.onChange(() -> {});
        awaitWake();
        assertThat(threads()).isEqualTo(2);
        awaitQuiet();
        one.close();
        Files.createDirectory(root.resolve("v1.0.0"));
        assertNoWake();
        assertThat(threads()).isPositive();
        other.close();
        other.close();
        await(() -> threads() == 0);

        Registration again = listen();
        awaitWake();
        again.close();
        await(() -> threads() == 0);
    }

    @Test
    void manyRegistriesShareOneWatchOfTheSystem() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "this system shows no descriptors");
        await(() -> instances() == 0 && threads() == 0);
        List<FolderWatch> many = new ArrayList<>();
        BlockingQueue<Integer> woken = new LinkedBlockingQueue<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            Path each = Files.createDirectories(directory.resolve("many/" + i));
            FolderWatch one = new FolderWatch(new RegistryFolder(each, Duration.ZERO), system, RETRY);
            one.onChange(() -> woken.add(number));
            many.add(one);
        }
        Set<Integer> begun = new HashSet<>();
        while (begun.size() < 200) {
            begun.add(Objects.requireNonNull(woken.poll(20, TimeUnit.SECONDS)));
        }
        while (woken.poll(LONGER_THAN_ANY_WAKE_UP_TAKES, TimeUnit.MILLISECONDS) != null) {}

        assertThat(instances()).isEqualTo(1);
        assertThat(threads()).isEqualTo(2);
        Files.createDirectory(directory.resolve("many/123/v1.0.0"));
        assertThat(woken.poll(20, TimeUnit.SECONDS)).isEqualTo(123);
        many.forEach(FolderWatch::close);
        await(() -> instances() == 0 && threads() == 0);
    }

    @Test
    void ofManyVersionsOnlyTheNewestAreWatched() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "this system shows no descriptors");
        await(() -> instances() == 0);
        for (int i = 100; i < 300; i++) {
            Files.createDirectories(root.resolve("v1." + i));
        }
        watching();
        assertThat(watches()).isEqualTo(1 + Newest.MOST);
        Files.writeString(root.resolve("v1.299/app.tar.gz"), "x");
        awaitWake();
        for (int i = 300; i < 400; i++) {
            Files.createDirectories(root.resolve("v1." + i));
        }
        awaitWake();
        awaitQuiet();
        await(() -> watches() == 1 + Newest.MOST);
        Files.writeString(root.resolve("v1.399/app.tar.gz"), "x");
        awaitWake();
        awaitQuiet();
        Files.writeString(root.resolve("v1.100/app.tar.gz"), "x");

        assertNoWake();
    }

    @Test
    void registriesOfOneFolderAreAllToldUntilTheyLeave() throws Exception {
        Files.createDirectory(root);
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);
        FolderWatch byLink = new FolderWatch(new RegistryFolder(link, SETTLE), system, RETRY);
        byLink.onChange(() -> wakes.add(0L));
        FolderWatch other = new FolderWatch(new RegistryFolder(root, SETTLE), system, RETRY);
        BlockingQueue<Long> others = new LinkedBlockingQueue<>();
        other.onChange(() -> others.add(0L));
        awaitWake();
        awaitQuiet();
        others.clear();
        Files.createDirectory(root.resolve("v1.0.0"));
        awaitWake();
        assertThat(others.poll(20, TimeUnit.SECONDS)).isNotNull();
        awaitQuiet();
        other.close();
        Files.writeString(root.resolve("v1.0.0/app.tar.gz"), "x");

        awaitWake();
        byLink.close();
    }

    @Test
    void aListenerMayTakeItselfBack() throws Exception {
        Files.createDirectory(root);
        CompletableFuture<Registration> registration = new CompletableFuture<>();
        registration.complete(watch.onChange(() -> {
            registration.join().close();
            wakes.add(System.nanoTime());
        }));

        awaitWake();
        await(() -> threads() == 0);
        assertThat(wakes).isEmpty();
    }

    @Test
    void aListenerThatFailsIsToldTheNextTimeToo() throws Exception {
        Files.createDirectory(root);
        watch.onChange(() -> {
            wakes.add(System.nanoTime());
            throw new IllegalStateException("broken listener");
        });
        awaitWake();
        awaitQuiet();
        Files.createDirectory(root.resolve("v1.0.0"));

        awaitWake();
    }

    /** Starts to watch an existing folder, and lets pass what that gives rise to. */
    private void watching() throws IOException, InterruptedException {
        Files.createDirectories(root);
        listen();
        awaitWake();
        awaitQuiet();
    }

    private Registration listen() {
        return watch.onChange(() -> wakes.add(System.nanoTime()));
    }

    private long awaitWake() throws InterruptedException {
        Long wake = wakes.poll(20, TimeUnit.SECONDS);
        assertThat(wake).as("when somebody was woken").isNotNull();
        return wake == null ? 0 : wake;
    }

    /** Returns how many wake-ups there were before it became quiet. */
    private int awaitQuiet() throws InterruptedException {
        int count = 0;
        while (wakes.poll(LONGER_THAN_ANY_WAKE_UP_TAKES, TimeUnit.MILLISECONDS) != null) {
            count++;
        }
        return count;
    }

    private void assertNoWake() throws InterruptedException {
        assertThat(awaitQuiet()).isZero();
    }

    private int recorded() {
        synchronized (records) {
            return records.list.size();
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dewy-watch"))
                .count();
    }

    private static long instances() {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(FolderWatchTest::isInotify).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long watches() {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            long watches = 0;
            for (Path descriptor :
                    descriptors.filter(FolderWatchTest::isInotify).toList()) {
                Path about = Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName());
                watches += Files.readAllLines(about).stream()
                        .filter(line -> line.startsWith("inotify wd:"))
                        .count();
            }
            return watches;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInotify(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("inotify");
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("before the deadline").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(WatchedFolder.class);
    }
}
