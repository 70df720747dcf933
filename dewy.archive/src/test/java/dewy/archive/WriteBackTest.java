package dewy.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.StorageException;
import dewy.archive.disk.Watch;
import dewy.archive.disk.WatchedDisk;
import dewy.archive.disk.WriteBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files are forced to the disk while they are being written, so that little is left at the end. */
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

    private void extract(Watch watch) throws Exception {
        Path watched = new WatchedDisk(watch).path(folder);
        new ArchiveExtractor().extract(Sandbox.call(), archive, "app.tar", watched, ExtractionLimits.DEFAULT);
    }
}
