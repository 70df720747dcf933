package dewy.cache.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.VerifyingStream;
import dewy.api.plugin.Lifetime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A cache in memory. */
final class MemoryCache implements Cache {
    private final Memory memory;
    private final Runnable leave;
    private final Lifetime lifetime = new Lifetime();
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Creates a cache that runs {@code leave} once when it is closed. */
    MemoryCache(Memory memory, Runnable leave) {
        this.memory = memory;
        this.leave = leave;
    }

    @Override
    public Optional<Blob> find(Call call, String key) throws DewyException {
        lifetime.bind(call).check();
        return memory.find(key);
    }

    @Override
    public InputStream read(Call call, Blob blob) throws DewyException {
        Call mine = lifetime.bind(call);
        mine.check();
        HeldBlob held = memory.beginReading(blob)
                .orElseThrow(() -> new NotFoundException(
                        Problem.of("read from the cache", blob.key(), "it is not held any more", "")));
        AtomicBoolean reading = new AtomicBoolean(true);
        return new VerifyingStream(new Content(mine, held), blob, () -> memory.forget(held), () -> {
            if (reading.getAndSet(false)) {
                memory.endReading(held);
            }
        });
    }

    @Override
    public BlobWriter write(Call call, String key, long expectedSize) throws DewyException {
        Call mine = lifetime.bind(call);
        mine.check();
        return new MemoryBlobWriter(mine, memory, key, Math.max(0, expectedSize));
    }

    @Override
    public void delete(Call call, String key) throws DewyException {
        lifetime.bind(call).check();
        memory.forget(key);
    }

    @Override
    public List<Blob> list(Call call) throws DewyException {
        lifetime.bind(call).check();
        return memory.list();
    }

    @Override
    public void markCurrent(Call call, String key) throws DewyException {
        lifetime.bind(call).check();
        memory.markCurrent(key);
    }

    @Override
    public void close() {
        lifetime.close();
        if (open.getAndSet(false)) {
            leave.run();
        }
    }

    /** What a blob holds, for one of its readers. */
    private static final class Content extends InputStream {
        private final Call call;
        private final HeldBlob held;
        private long position;

        Content(Call call, HeldBlob held) {
            this.call = call;
            this.held = held;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                call.check();
            } catch (DewyException e) {
                throw new IOException(e.getMessage(), e);
            }
            int got = held.content().read(ByteBuffer.wrap(bytes, offset, length), position);
            position += Math.max(0, got);
            return got;
        }
    }
}
