package dewy.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancelledExtractionTest {
    private static final int CONTENT = 1 << 20;
    private static final byte[] ARCHIVE =
            Archives.gzip(Archives.tar(tar -> Archives.file(tar, "file", Archives.noise(CONTENT, 10))));

    private final ArchiveExtractor extractor = new ArchiveExtractor();
    private Path archive;
    private Path folder;

    @BeforeEach
    void writeArchive(@TempDir Path temporary) throws IOException {
        archive = Files.write(temporary.resolve("archive"), ARCHIVE);
        folder = Files.createDirectory(temporary.resolve("folder"));
    }

    @Test
    void stopsBetweenTwoChunksWhenTheCallIsCancelled() {
        List<CancellableCall> owner = new ArrayList<>();
        CancellableCall call = call((what, done, total) -> {
            if (done > CONTENT / 2) {
                owner.forEach(each -> each.cancel("the app was stopped"));
            }
        });
        owner.add(call);

        assertThat(catchThrowable(() -> extract(call)))
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("the app was stopped");
        assertThat(folder.resolve("file").toFile().length()).isLessThan(CONTENT);
    }

    @Test
    void stopsInTheMiddleOfWhatWasReadAtOnce() throws Exception {
        Files.write(archive, Archives.gzip(Archives.tar(tar -> Archives.file(tar, "file", new byte[CONTENT]))));
        List<CancellableCall> owner = new ArrayList<>();
        CancellableCall call = call((what, done, total) -> owner.forEach(each -> each.cancel("the app was stopped")));
        owner.add(call);

        assertThat(catchThrowable(() -> extract(call))).isInstanceOf(CancelledException.class);
        assertThat(folder.resolve("file").toFile().length()).isLessThan(CONTENT);
    }

    @Test
    void stopsInTheMiddleOfInputThatGivesNoOutput() throws Exception {
        byte[] name = "n".repeat(CONTENT).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, name, 0, 10);
        Files.write(archive, name);
        AtomicLong time = new AtomicLong();
        CancellableCall call = CancellableCall.of(
                "test", Optional.empty(), Duration.ofNanos(8), time::incrementAndGet, (what, done, total) -> {});

        assertThat(catchThrowable(() -> extract(call))).isInstanceOf(ExpiredException.class);
    }

    @Test
    void stopsWhenTheThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThat(catchThrowable(() -> extract(Sandbox.call()))).isInstanceOf(CancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void stopsInTheMiddleWhenTheThreadIsInterrupted() {
        CancellableCall call =
                call((what, done, total) -> Thread.currentThread().interrupt());
        try {
            assertThat(catchThrowable(() -> extract(call))).isInstanceOf(CancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void tellsHowMuchOfTheArchiveIsDone() throws Exception {
        List<Long> progress = new ArrayList<>();
        extract(call((what, done, total) -> {
            assertThat(what).isEqualTo("extract");
            assertThat(total).isEqualTo(ARCHIVE.length);
            progress.add(done);
        }));

        assertThat(progress).isSorted().last().isEqualTo((long) ARCHIVE.length);
        assertThat(progress).anyMatch(done -> done > 0 && done < ARCHIVE.length);
    }

    @Test
    void unpacksOneArchiveAfterTheOtherAndGivesUpWaitingInTime() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CancellableCall slow = call((what, done, total) -> {
            started.countDown();
            await(goOn);
        });
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            assertThat(catchThrowable(() -> extract(slow))).isNull();
        });
        await(started);

        AtomicLong steps = new AtomicLong();
        CancellableCall hurried = CancellableCall.of(
                "test",
                Optional.empty(),
                Duration.ofMillis(400),
                System::nanoTime,
                (what, done, total) -> steps.incrementAndGet());
        assertThat(catchThrowable(() -> extract(hurried))).isInstanceOf(ExpiredException.class);

        assertThat(steps).hasValue(0);

        goOn.countDown();
        first.get(30, TimeUnit.SECONDS);
        assertThat(folder.resolve("file")).hasSize(CONTENT);
    }

    private void extract(CancellableCall call) throws Exception {
        extractor.extract(call, archive, "app.tar.gz", folder, ExtractionLimits.DEFAULT);
    }

    private static CancellableCall call(CancellableCall.ProgressListener progress) {
        return CancellableCall.of("test", Optional.empty(), Duration.ofMinutes(1), System::nanoTime, progress);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
