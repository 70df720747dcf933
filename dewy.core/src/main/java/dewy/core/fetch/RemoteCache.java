package dewy.core.fetch;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.DamagedException;
import dewy.api.cache.VerifyingStream;
import dewy.api.release.Deliverable;
import dewy.archive.disk.DiskSpace;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.verify.Signatures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A cache elsewhere, for one artifact. What fails of it is told and stops nothing, and it is asked no more then: the artifact
 * is had from its source. For one thread.
 */
final class RemoteCache {
    /** How long it may take to say whether it has the artifact. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);

    private static final int BUFFER = 64 << 10;

    private final CancellableCall call;
    private final Cache store;
    private final Deliverable deliverable;
    private final Path temporaryFolder;
    private final EventScope events;
    private boolean failed;

    RemoteCache(CancellableCall call, Cache store, Deliverable deliverable, Path temporaryFolder, EventScope events) {
        this.call = call;
        this.store = store;
        this.deliverable = deliverable;
        this.temporaryFolder = temporaryFolder;
        this.events = events;
    }

    CancellableCall call() {
        return call;
    }

    Deliverable deliverable() {
        return deliverable;
    }

    EventScope events() {
        return events;
    }

    /** Returns a copy of what it holds. What it cannot give as it was written, and signed, it is to forget. */
    Optional<LocalArtifact> take(Signatures signatures) throws DewyException {
        if (failed) {
            return Optional.empty();
        }
        return unlessItFails(Optional.empty(), () -> {
            Optional<Blob> blob = find();
            return blob.isPresent() ? usable(blob.get(), signatures) : Optional.empty();
        });
    }

    /** Returns whether it is of no use any more. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Puts a file into it; returns whether it has it now.
     *
     * @param whenWritten is run now and then
     */
    boolean give(Path file, Blob content, Runnable whenWritten) throws DewyException {
        return !failed && unlessItFails(false, () -> put(file, content, whenWritten));
    }

    void forget() throws DewyException {
        var unused = unlessItFails(false, this::delete);
    }

    /** What is done with it. */
    @FunctionalInterface
    private interface Errand<R> {
        R run() throws DewyException;
    }

    private <R> R unlessItFails(R otherwise, Errand<R> errand) throws DewyException {
        try {
            return errand.run();
        } catch (DewyException e) {
            call.check();
            failed = true;
            events.publish(
                    EventKind.CACHE_FAILED, deliverable.cacheKey(), e.problem().sentence());
            return otherwise;
        }
    }

    private Optional<Blob> find() throws DewyException {
        try (CancellableCall look = call.within(LOOK_LIMIT)) {
            return store.find(look, deliverable.cacheKey());
        }
    }

    private Optional<LocalArtifact> usable(Blob blob, Signatures signatures) throws DewyException {
        try {
            return copy(blob).verified(call, deliverable.artifact(), signatures);
        } catch (CorruptException | NotFoundException e) {
            call.check();
            events.publish(
                    EventKind.ARTIFACT_DISCARDED,
                    deliverable.cacheKey(),
                    e.problem().why());
            delete();
            return Optional.empty();
        }
    }

    private LocalArtifact copy(Blob blob) throws DewyException {
        DiskSpace.require("copy " + blob.key() + " from the cache to", temporaryFolder, blob.size());
        try (TemporaryFile copy = TemporaryFile.in(temporaryFolder, deliverable, () -> {});
                InputStream in = VerifyingStream.of(store.read(call, blob), blob)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                copy.write(buffer, 0, n);
                call.check();
            }
            return copy.keep(blob).asHeld();
        } catch (DamagedException e) {
            throw new CorruptException(problem("read from the cache", e), e);
        } catch (IOException e) {
            call.check();
            if (e.getCause() instanceof DewyException typed) {
                throw typed;
            }
            throw new StorageException(problem("read from the cache", e), e);
        }
    }

    private boolean put(Path file, Blob content, Runnable whenWritten) throws DewyException {
        try (BlobWriter writer = store.write(call, content.key(), content.size());
                InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                writer.write(buffer, 0, n);
                whenWritten.run();
                call.check();
            }
            writer.commit();
            return true;
        } catch (IOException e) {
            throw new StorageException(problem("put into the cache", e), e);
        }
    }

    private boolean delete() throws DewyException {
        store.delete(call, deliverable.cacheKey());
        return true;
    }

    private Problem problem(String tried, IOException e) {
        return Problem.of(tried, deliverable.cacheKey(), StorageException.reason(e), "");
    }
}
