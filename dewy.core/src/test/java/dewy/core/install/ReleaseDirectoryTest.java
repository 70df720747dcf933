package dewy.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.StorageException;
import dewy.archive.ArchiveExtractor;
import dewy.archive.Archives;
import dewy.archive.ExtractionLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseDirectoryTest {
    private static final Instant TIME = Instant.parse("2024-01-15T10:30:45.678Z");

    private Path temporary;
    private Path app;
    private Path archive;
    private Instant now = TIME;
    private ReleaseDirectory directory;

    @BeforeEach
    void makeDirectory(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        app = temporary.resolve("app");
        archive = temporary.resolve("archive");
        Files.write(archive, Archives.gzip(Archives.tar(tar -> Archives.file(tar, "bin/app", "app"))));
        directory = in(app);
    }

    @Test
    void namesAReleaseAfterTheSecondAndTakesTheNextFreeOne() throws Exception {
        Path first = install();
        Path second = install();
        Path third = install();
        now = TIME.plusSeconds(60);
        Path later = install();

        assertThat(first).isEqualTo(app.resolve("releases/20240115T103045Z"));
        assertThat(second.getFileName()).hasToString("20240115T103046Z");
        assertThat(third.getFileName()).hasToString("20240115T103047Z");
        assertThat(later.getFileName()).hasToString("20240115T103145Z");
        assertThat(first.resolve("bin/app")).hasContent("app");
        assertThat(directory.list()).containsExactly(later, third, second, first);
        assertThat(directory.current()).isEmpty();
    }

    @Test
    void neverUsesANameAgainEvenWhenTheClockGoesBack() throws Exception {
        Path first = install();
        now = TIME.minusSeconds(3_600);
        Path second = install();
        directory.prune(1, List.of());
        Path third = install();

        assertThat(second.getFileName()).hasToString("20240115T103046Z");
        assertThat(third.getFileName()).hasToString("20240115T103047Z");
        assertThat(directory.list()).containsExactly(third, second);
        assertThat(first).doesNotExist();
    }

    @Test
    void leavesNothingWhenTheArchiveIsRefused() throws Exception {
        Files.write(archive, Archives.tar(tar -> {
            Archives.directory(tar, "sealed/", 0555);
            Archives.file(tar, "sealed/file", "file");
            Archives.file(tar, "../evil", "evil");
        }));

        CorruptException refused = catchThrowableOfType(
                CorruptException.class,
                () -> directory.install(
                        CancellableCall.of("test", Duration.ofMinutes(2)),
                        archive,
                        "app.tar",
                        ExtractionLimits.DEFAULT));

        assertThat(refused).hasMessageContaining("\"../evil\"");
        assertThat(app.resolve("releases")).isEmptyDirectory();
        assertThat(app.resolve("evil")).doesNotExist();
    }

    @Test
    void pointsCurrentToARelease() throws Exception {
        Path first = install();
        directory.activate(first);

        assertThat(Files.readSymbolicLink(app.resolve("current"))).isEqualTo(Path.of("releases/20240115T103045Z"));
        assertThat(app.resolve("current/bin/app")).hasContent("app");
        assertThat(directory.current()).contains(first);

        Path second = install();
        directory.activate(second);
        assertThat(directory.current()).contains(second);
        directory.activate(first);
        assertThat(directory.current()).contains(first);
    }

    @Test
    void activatesOnlyItsOwnReleases() throws Exception {
        Path release = install();
        directory.activate(release);
        Path foreign = Files.createDirectories(app.resolve("releases/by-hand"));
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere/20240115T103045Z"));
        Path gone = app.resolve("releases/20230115T103045Z");

        for (Path wrong : List.of(foreign, elsewhere, gone, app.resolve("releases"), Path.of("/"))) {
            assertThat(catchThrowableOfType(StorageException.class, () -> directory.activate(wrong)))
                    .as(wrong.toString())
                    .hasMessageContaining("is not a release in");
        }
        assertThat(directory.current()).contains(release);
    }

    @Test
    void readsCurrentWhoeverMadeIt() throws Exception {
        Path release = install();
        Path current = app.resolve("current");

        Files.createSymbolicLink(current, release.toAbsolutePath());
        assertThat(directory.current()).contains(release);

        Files.delete(current);
        Files.createSymbolicLink(current, Path.of("releases/20200101T000000Z"));
        assertThat(directory.current()).isEmpty();

        Files.delete(current);
        Files.createSymbolicLink(current, temporary);
        assertThat(directory.current()).isEmpty();
        directory.activate(release);
        assertThat(directory.current()).contains(release);
    }

    @Test
    void doesNotOverwriteACurrentThatAPersonMade() throws Exception {
        Path release = install();
        Path current = Files.createDirectory(app.resolve("current"));
        Files.writeString(current.resolve("precious"), "precious");

        StorageException refused = catchThrowableOfType(StorageException.class, () -> directory.activate(release));
        assertThat(refused)
                .hasMessage("Cannot use " + current
                        + ": it is not the link to a release, but something that was put there."
                        + " Move it away; the agent then makes the link.");
        assertThat(catchThrowableOfType(StorageException.class, directory::current))
                .isNotNull();
        assertThat(catchThrowableOfType(StorageException.class, () -> directory.prune(0, List.of())))
                .isNotNull();
        assertThat(current.resolve("precious")).hasContent("precious");
        assertThat(release).exists();

        Files.delete(current.resolve("precious"));
        Files.delete(current);
        Files.writeString(current, "a file");
        assertThat(catchThrowableOfType(StorageException.class, () -> directory.activate(release)))
                .isNotNull();
        assertThat(current).hasContent("a file");
    }

    @Test
    void neverLeavesCurrentAbsentWhileItIsSwitched() throws Exception {
        Path first = install();
        Path second = install();
        directory.activate(first);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                assertThat(app.resolve("current/bin/app")).hasContent("app");
                assertThat(Files.isSymbolicLink(app.resolve("current"))).isTrue();
                reads.incrementAndGet();
            }
        });

        for (int i = 0; !reader.isDone() && (i < 200 || reads.get() < 200); i++) {
            directory.activate(i % 2 == 0 ? second : first);
        }
        done.set(true);

        reader.get(30, TimeUnit.SECONDS);
        assertThat(app.resolve(".current.pending")).doesNotExist();
    }

    @Test
    void showsAReleaseUnderItsNameOnlyWhileItIsComplete() throws Exception {
        int files = 2_000;
        Files.write(archive, Archives.gzip(Archives.tar(tar -> {
            for (int i = 0; i < files; i++) {
                Archives.file(tar, "file" + i, "");
            }
        })));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> watcher = CompletableFuture.supplyAsync(() -> {
            int seen = 0;
            while (!done.get()) {
                seen += watched(app.resolve("releases/20240115T103045Z"), files) ? 1 : 0;
            }
            return seen;
        });

        install();
        Path second = install();
        assertThat(directory.prune(1, List.of())).hasSize(1);
        done.set(true);

        assertThat(watcher.get(30, TimeUnit.SECONDS)).isPositive();
        assertThat(directory.list()).containsExactly(second);
    }

    /** Counts the files of a release; when it still has its name afterwards, it had it all the while. */
    private static boolean watched(Path release, int files) {
        try (Stream<Path> found = Files.list(release)) {
            long count = found.count();
            if (!Files.exists(release)) {
                return false;
            }
            assertThat(count).isEqualTo(files);
            return true;
        } catch (IOException | UncheckedIOException absent) {
            return false;
        }
    }

    @Test
    void keepsTheNewestTheCurrentAndThoseInUse() throws Exception {
        List<Path> releases = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            releases.add(install());
        }
        directory.activate(releases.get(1));

        List<Path> gone = directory.prune(ReleaseDirectory.KEPT, Set.of(releases.get(3)));

        assertThat(gone).containsExactly(releases.get(4), releases.get(2), releases.get(0));
        assertThat(gone).allSatisfy(folder -> assertThat(folder).doesNotExist());
        assertThat(directory.list()).hasSize(9).contains(releases.get(1), releases.get(3), releases.get(5));
        assertThat(directory.current()).contains(releases.get(1));
        assertThat(directory.prune(ReleaseDirectory.KEPT, Set.of(releases.get(3))))
                .isEmpty();
        assertThat(directory.prune(0, Set.of())).hasSize(8);
        assertThat(directory.list()).containsExactly(releases.get(1));
    }

    @Test
    void leavesAloneWhatIsNotItsOwn() throws Exception {
        Path release = install();
        Path releases = app.resolve("releases");
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("file"), "outside");
        Files.writeString(releases.resolve("README"), "by hand");
        Files.writeString(releases.resolve("20200101T000000Z"), "a file with the name of a release");
        Files.createDirectories(releases.resolve("backup-2020/file"));
        Files.createDirectories(releases.resolve(".backup.incoming"));
        Files.createDirectories(releases.resolve("20201301T000000Z"));
        Files.createSymbolicLink(releases.resolve("20200102T000000Z"), outside);

        directory.recover();
        assertThat(directory.prune(0, List.of())).containsExactly(release);

        try (Stream<Path> left = Files.list(releases)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "README",
                            "20200101T000000Z",
                            "backup-2020",
                            ".backup.incoming",
                            "20201301T000000Z",
                            "20200102T000000Z");
        }
        assertThat(outside.resolve("file")).hasContent("outside");
    }

    @Test
    void removesWhatACrashLeft() throws Exception {
        Path release = install();
        directory.activate(release);
        Path releases = app.resolve("releases");
        Path incoming = Files.createDirectories(releases.resolve(".20240115T103050Z.incoming/dir"));
        Path outgoing = Files.createDirectories(releases.resolve(".20240115T103040Z.outgoing/dir"));
        Files.createSymbolicLink(app.resolve(".current.pending"), Path.of("releases/20240115T103050Z"));

        assertThat(directory.list()).containsExactly(release);
        directory.recover();

        assertThat(incoming.getParent()).doesNotExist();
        assertThat(outgoing.getParent()).doesNotExist();
        assertThat(Files.isSymbolicLink(app.resolve(".current.pending"))).isFalse();
        assertThat(directory.current()).contains(release);
    }

    @Test
    void stepsOverWhatACrashLeftUntilItIsRemoved() throws Exception {
        Files.createDirectories(app.resolve("releases/.20240115T103045Z.incoming"));
        Files.createSymbolicLink(app.resolve(".current.pending"), Path.of("releases/20240115T103045Z"));

        Path release = install();
        directory.activate(release);

        assertThat(release.getFileName()).hasToString("20240115T103046Z");
        assertThat(directory.current()).contains(release);
    }

    @Test
    void worksInDirectoriesThatAreLinks() throws Exception {
        Path realApp = Files.createDirectories(temporary.resolve("real/app"));
        Path realReleases = Files.createDirectories(temporary.resolve("disk/releases"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), realApp);
        Files.createSymbolicLink(realApp.resolve("releases"), realReleases);
        ReleaseDirectory linked = in(link);

        Path release = linked.install(
                CancellableCall.of("test", Duration.ofMinutes(2)), archive, "app.tar.gz", ExtractionLimits.DEFAULT);
        linked.activate(release);

        assertThat(release).isEqualTo(link.resolve("releases/20240115T103045Z"));
        assertThat(linked.current()).contains(release);
        assertThat(realReleases.resolve("20240115T103045Z/bin/app")).hasContent("app");
        assertThat(link.resolve("current/bin/app")).hasContent("app");
        assertThat(linked.prune(0, List.of())).isEmpty();
    }

    @Test
    void saysSoWhenItMayNotWrite() throws Exception {
        Files.writeString(app, "a file where the directory of the app should be");

        StorageException refused = catchThrowableOfType(StorageException.class, this::install);

        assertThat(refused).hasMessageStartingWith("Cannot create the directory " + app);
    }

    @Test
    void isEmptyBeforeTheFirstRelease() throws Exception {
        directory.recover();

        assertThat(directory.list()).isEmpty();
        assertThat(directory.current()).isEmpty();
        assertThat(directory.prune(7, List.of())).isEmpty();
        assertThat(app).doesNotExist();
    }

    private Path install() throws Exception {
        return directory.install(
                CancellableCall.of("test", Duration.ofMinutes(2)), archive, "app.tar.gz", ExtractionLimits.DEFAULT);
    }

    private ReleaseDirectory in(Path app) {
        return new ReleaseDirectory(app, new ArchiveExtractor(), () -> now);
    }
}
