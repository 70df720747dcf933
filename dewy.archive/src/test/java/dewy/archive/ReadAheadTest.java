package dewy.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancelledException;
import dewy.archive.disk.CarriedException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {
    private static final int PATIENCE_SECONDS = 30;
    private static final int BLOCK = 64 << 10;

    /** A failure of any kind. */
    private interface Failure {
        int fail() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 10 * BLOCK, 10 * BLOCK + 1})
    void givesWhatTheStreamHas(int length) throws IOException {
        byte[] bytes = Archives.noise(length, 1);

        try (InputStream ahead = ReadAhead.of(new ByteArrayInputStream(bytes))) {
            assertThat(ahead.readAllBytes()).isEqualTo(bytes);
            assertThat(ahead.read()).isEqualTo(-1);
        }
    }

    @Test
    void readsOnWhileNobodyAsks() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        InputStream source = new FilterInputStream(new ByteArrayInputStream(new byte[2 * BLOCK])) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int read = super.read(target, offset, length);
                if (available() == 0) {
                    second.countDown();
                }
                return read;
            }
        };

        try (InputStream unread = ReadAhead.of(source)) {
            assertThat(second.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK, 3 * BLOCK + 1})
    void failsAfterAllThatCameBefore(int length) throws IOException {
        IOException broken = new IOException("it is cut off");

        try (InputStream ahead = ReadAhead.of(failing(length, () -> {
            throw broken;
        }))) {
            assertThat(ahead.readNBytes(length)).hasSize(length);
            assertThatThrownBy(ahead::read).isSameAs(broken);
            assertThatThrownBy(ahead::read).isSameAs(broken);
        }
    }

    @Test
    void failsAsTheDecoderDid() throws IOException {
        IndexOutOfBoundsException confused = new IndexOutOfBoundsException();
        OutOfMemoryError full = new OutOfMemoryError();

        try (InputStream ahead = ReadAhead.of(failing(0, () -> {
            throw confused;
        }))) {
            assertThatThrownBy(ahead::read).isSameAs(confused);
        }
        try (InputStream ahead = ReadAhead.of(failing(0, () -> {
            throw full;
        }))) {
            assertThatThrownBy(ahead::read).isSameAs(full);
        }
    }

    @Test
    void readsNothingMoreOnceItIsClosed() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicBoolean readAfterwards = new AtomicBoolean();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                readAfterwards.compareAndSet(false, closed.get());
                return 1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                readAfterwards.compareAndSet(false, closed.get());
                return length;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };

        ReadAhead.of(endless).close();

        assertThat(closed).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("dewy-read-ahead"));
        assertThat(readAfterwards).isFalse();
    }

    @Test
    void stopsWhenTheThreadIsInterrupted() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        InputStream stuck = failing(0, () -> {
            try {
                never.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            return -1;
        });

        try (InputStream ahead = ReadAhead.of(stuck)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::read)
                    .isInstanceOf(CarriedException.class)
                    .hasCauseInstanceOf(CancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static InputStream failing(int length, Failure failure) {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                return failure.fail();
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                return failure.fail();
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(new byte[length]), broken);
    }
}
