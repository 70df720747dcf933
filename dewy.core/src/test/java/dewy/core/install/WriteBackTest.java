package dewy.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.StorageException;
import dewy.core.disk.Watch;
import dewy.core.disk.WatchedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files are forced to the disk while they are being written, and small ones together. */
class WriteBackTest {
    /** How long somebody is awaited who does not come where this is broken. */
    private static final int PATIENCE_SECONDS = 30;

    private final Path archive;
    private final Path folder;

    WriteBackTest(@TempDir Path temporary) throws IOException {
        archive = temporary.resolve("app.tar");
        folder = Files.createDirectory(temporary.resolve("folder"));
        byte[] large = new byte[WriteBack.STRIDE + (1 << 20)];
        Files.write(archive, Archives.tar(tar -> Archives.file(tar, "large", large)));
    }

    /** Once a stride is written, the next write waits until the disk was asked to force it. */
    private static class PatientDisk implements Watch {
        final CountDownLatch asked = new CountDownLatch(1);
        private int left = WriteBack.STRIDE;
        private boolean waited;

        @Override
        public void before(Call call, Path path) throws IOException {
            if (call == Call.FORCE) {
                asked.countDown();
            } else if (call == Call.WRITE && left <= 0 && !waited) {
                waited = true;
                await();
            }
        }

        @Override
        public int admitted(int bytes) {
            left -= bytes;
            return bytes;
        }

        private void await() throws IOException {
            try {
                if (!asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException("nothing was forced");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void forcesAFileBeforeItIsComplete() throws Exception {
        PatientDisk disk = new PatientDisk();

        extract(disk);

        assertThat(disk.asked.getCount()).isZero();
        assertThat(folder.resolve("large")).hasSize(WriteBack.STRIDE + (1 << 20));
    }

    /** The disk tells once, and forcing the file again later would go well. */
    @Test
    void failsWhenTheDiskHasLostWhatItWasToForce() {
        PatientDisk losing = new PatientDisk() {
            @Override
            public void before(Call call, Path path) throws IOException {
                boolean first = asked.getCount() > 0;
                super.before(call, path);
                if (call == Call.FORCE && first) {
                    throw new IOException("Input/output error");
                }
            }
        };

        StorageException failed = catchThrowableOfType(StorageException.class, () -> extract(losing));

        assertThat(failed).hasMessageContaining("sync").hasMessageContaining("Input/output error");
    }

    @Test
    void hasTheSystemWriteManySmallFiles() throws Exception {
        Path asked = folder.resolve("asked");
        Path program = program("echo \"$@\" >>" + asked);
        SystemSync system = new SystemSync(List.of("/nonexistent/sync", program.toString()), Duration.ofMinutes(1));

        complete(WriteBack.MANY - 1, system);
        assertThat(asked).doesNotExist();
        complete(WriteBack.MANY, system);

        assertThat(asked).hasContent("-f " + folder);
    }

    @Test
    void goesOnWithoutTheSystem() throws Exception {
        String stuck = program("exec /bin/sleep 600").toString();
        String failing = program("exit 1").toString();

        complete(WriteBack.MANY, new SystemSync(List.of(), Duration.ofMinutes(1)));
        complete(WriteBack.MANY, new SystemSync(List.of(failing), Duration.ofMinutes(1)));
        complete(WriteBack.MANY, new SystemSync(List.of(stuck), Duration.ofMillis(1)));

        assertThat(ProcessHandle.current().children().filter(child -> child.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains("600"))
                        .isPresent()))
                .allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS)));
    }

    private void complete(int files, SystemSync system) throws Exception {
        try (WriteBack writeBack = new WriteBack(system)) {
            for (int i = 0; i < files; i++) {
                writeBack.wrote(folder.resolve("file"), 1);
                writeBack.completed(folder.resolve("file"));
            }
            writeBack.finish(Sandbox.call(), folder);
        }
    }

    private Path program(String line) throws IOException {
        Path program = Files.createTempFile(archive.getParent(), "sync", "");
        Files.writeString(program, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    private void extract(Watch watch) throws Exception {
        Path watched = new WatchedDisk(watch).path(folder);
        new ArchiveExtractor().extract(Sandbox.call(), archive, "app.tar", watched, ExtractionLimits.DEFAULT);
    }
}
