package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.LocalFiles;
import dewy.api.cache.VerifyingStream;
import dewy.api.plugin.HealthCheck;
import dewy.api.release.Digest;
import dewy.cache.file.Verified.Stamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A cache in a folder. */
final class FileCache implements Cache, LocalFiles, HealthCheck {
    private final CacheLocation location;
    private final BlobStore store;
    private final Pins pins;
    private final Verified verified = new Verified();
    private final FileDigests calculation = new FileDigests(FileDigests::programsOfSystem);

    FileCache(CacheLocation location, Pins pins, InstantSource clock) {
        this.location = location;
        this.store = new BlobStore(location.folder(), location.maxSize(), pins, clock);
        this.pins = pins;
    }

    @Override
    public Optional<Blob> find(Call call, String key) throws DewyException {
        call.check();
        return store.find(call, key).map(CacheFolder.Held::blob);
    }

    @Override
    public InputStream read(Call call, Blob blob) throws DewyException {
        call.check();
        CacheFolder.Held held = held(call, blob);
        store.touch(blob.key());
        return open(call, held);
    }

    @Override
    public Path file(Call call, Blob blob) throws DewyException {
        call.check();
        CacheFolder.Held held = held(call, blob);
        if (!verified.knows(held.file(), held.stamp(), blob.digest())) {
            verify(call, held);
            verified.remember(held.file(), held.stamp(), blob.digest());
        }
        store.touch(blob.key());
        return held.file();
    }

    @Override
    public BlobWriter write(Call call, String key, long expectedSize) throws DewyException {
        call.check();
        return new FileBlobWriter(
                call, store, verified, calculation, key, store.begin(call, key, Math.max(0, expectedSize)));
    }

    @Override
    public void delete(Call call, String key) throws DewyException {
        call.check();
        store.remove(call, key);
    }

    @Override
    public List<Blob> list(Call call) throws DewyException {
        call.check();
        return store.list(call).stream().map(CacheFolder.Held::blob).toList();
    }

    @Override
    public void markCurrent(Call call, String key) throws DewyException {
        call.check();
        store.markCurrent(call, location.marker(), key);
    }

    @Override
    public void check(Call call) throws DewyException {
        call.check();
        location.requireWritable();
    }

    /** Releases nothing: what was opened belongs to whoever opened it. */
    @Override
    public void close() {}

    private CacheFolder.Held held(Call call, Blob blob) throws DewyException {
        return store.find(call, blob.key())
                .filter(held -> held.blob().equals(blob))
                .orElseThrow(() -> gone(blob, "it is not held any more"));
    }

    private InputStream open(Call call, CacheFolder.Held held) throws DewyException {
        Registration pin = pins.pin(held.blob().key());
        try {
            FileChannel channel = openUnchanged(held);
            Registration cancellation = call.onCancel(() -> close(channel));
            return new VerifyingStream(
                    Channels.newInputStream(channel), held.blob(), () -> store.discard(call, held), () -> {
                        cancellation.close();
                        pin.close();
                    });
        } catch (IOException e) {
            pin.close();
            throw failure(held, e);
        }
    }

    /** Opens the file that was looked at, and no other that took its name since. */
    private static FileChannel openUnchanged(CacheFolder.Held held) throws IOException {
        FileChannel channel = FileChannel.open(held.file(), StandardOpenOption.READ);
        try {
            requireUnchanged(held);
            return channel;
        } catch (IOException e) {
            close(channel);
            throw e;
        }
    }

    private static void requireUnchanged(CacheFolder.Held held) throws IOException {
        if (!Stamp.of(held.file()).equals(held.stamp())) {
            throw new NoSuchFileException(held.file().toString());
        }
    }

    private void verify(Call call, CacheFolder.Held held) throws DewyException {
        Digest declared = held.blob().digest();
        try (Registration unusedPin = pins.pin(held.blob().key());
                FileChannel content = openUnchanged(held);
                Registration unused = call.onCancel(() -> close(content))) {
            Digest actual = calculation.of(call, held.file(), content, declared.algorithm(), () -> {});
            if (!actual.equals(declared)) {
                store.discard(call, held);
                throw gone(held.blob(), "its content was damaged, and is removed");
            }
            requireUnchanged(held);
        } catch (IOException e) {
            call.check();
            throw failure(held, e);
        }
    }

    private DewyException failure(CacheFolder.Held held, IOException e) {
        return e instanceof NoSuchFileException
                ? gone(held.blob(), "it is not held any more")
                : store.failure("read the cached " + held.blob().key() + " in", e);
    }

    private static NotFoundException gone(Blob blob, String why) {
        return new NotFoundException(Problem.of("read from the cache", blob.key(), why, ""));
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written through it, so that nothing can be lost.
        }
    }
}
