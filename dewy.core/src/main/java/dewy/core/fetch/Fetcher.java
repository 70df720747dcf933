package dewy.core.fetch;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.DamagedException;
import dewy.api.cache.LocalFiles;
import dewy.api.cache.VerifyingStream;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.archive.disk.DiskSpace;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.plugin.PluginSlot;
import dewy.core.verify.SignatureFile;
import dewy.core.verify.TrustedKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Gets the artifact of a deliverable: from the cache, or else from its source through the cache. */
public final class Fetcher {
    private final PluginSlot<ArtifactSource> source;
    private final PluginSlot<Cache> cache;
    private final TrustedKeys trusted;
    private final Path temporaryFolder;
    private final Pause pause;

    /**
     * Creates a fetcher.
     *
     * @param trusted by which keys artifacts must be signed
     * @param pause between two tries at a download
     */
    public Fetcher(
            PluginSlot<ArtifactSource> source,
            PluginSlot<Cache> cache,
            TrustedKeys trusted,
            Path temporaryFolder,
            Pause pause) {
        this.source = source;
        this.cache = cache;
        this.trusted = trusted;
        this.temporaryFolder = temporaryFolder;
        this.pause = pause;
    }

    /** Returns the artifact as a file whose digest and signature are as they must be, whoever had it. */
    public LocalArtifact fetch(CancellableCall call, Deliverable deliverable, EventScope events) throws DewyException {
        List<SignatureFile> signatures = source.use(call, from -> trusted.find(call, from, deliverable));
        Optional<LocalArtifact> held = cache.use(call, store -> held(call, store, deliverable, events));
        if (held.isPresent()) {
            try {
                return verified(call, deliverable, signatures, held.get(), events);
            } catch (CorruptException e) {
                events.publish(
                        EventKind.ARTIFACT_DISCARDED,
                        deliverable.cacheKey(),
                        e.problem().why());
                forget(call, deliverable);
            }
        }
        LocalArtifact downloaded =
                cache.use(call, store -> local(call, store, download(call, store, deliverable, events), false));
        try {
            return verified(call, deliverable, signatures, downloaded, events);
        } catch (CorruptException e) {
            events.publish(
                    EventKind.SIGNATURE_REFUSED,
                    deliverable.cacheKey(),
                    deliverable.release().tag(),
                    e.problem().why());
            forget(call, deliverable);
            throw e;
        }
    }

    private LocalArtifact verified(
            CancellableCall call,
            Deliverable deliverable,
            List<SignatureFile> signatures,
            LocalArtifact artifact,
            EventScope events)
            throws DewyException {
        try {
            Optional<String> signer = trusted.require(call, signatures, deliverable, artifact.file());
            signer.ifPresent(key -> events.publish(
                    EventKind.SIGNATURE_VERIFIED,
                    deliverable.cacheKey(),
                    deliverable.release().tag(),
                    key));
            return artifact.signedBy(signer);
        } catch (DewyException | RuntimeException e) {
            artifact.close();
            throw e;
        }
    }

    /** Has the cache forget an artifact that turned out to be unusable, so that it is downloaded again. */
    public void forget(CancellableCall call, Deliverable deliverable) throws DewyException {
        cache.<Optional<Blob>>use(call, store -> {
            store.delete(call, deliverable.cacheKey());
            return Optional.empty();
        });
    }

    /** Notes in the cache, for people, what is deployed. */
    public void markCurrent(CancellableCall call, Deliverable deliverable) throws DewyException {
        cache.<Optional<Blob>>use(call, store -> {
            store.markCurrent(call, deliverable.cacheKey());
            return Optional.empty();
        });
    }

    /** Returns what the cache holds. What it cannot give as it was written, it is to forget: it is downloaded anew. */
    private Optional<LocalArtifact> held(CancellableCall call, Cache store, Deliverable deliverable, EventScope events)
            throws DewyException {
        Optional<Blob> blob = store.find(call, deliverable.cacheKey());
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        try {
            return isAsDeclared(call, store, blob.get(), deliverable)
                    ? Optional.of(local(call, store, blob.get(), true))
                    : Optional.empty();
        } catch (CorruptException | NotFoundException e) {
            call.check();
            String why = e.problem().why();
            events.publish(EventKind.ARTIFACT_DISCARDED, deliverable.cacheKey(), why);
            store.delete(call, deliverable.cacheKey());
            return Optional.empty();
        }
    }

    private static boolean isAsDeclared(CancellableCall call, Cache store, Blob blob, Deliverable deliverable)
            throws DewyException {
        Optional<Digest> declared = deliverable.artifact().digest();
        if (declared.isEmpty()) {
            return true;
        }
        String algorithm = declared.get().algorithm();
        Digest actual =
                algorithm.equals(blob.digest().algorithm()) ? blob.digest() : digest(call, store, blob, algorithm);
        return actual.equals(declared.get());
    }

    private Blob download(CancellableCall call, Cache store, Deliverable deliverable, EventScope events)
            throws DewyException {
        long size = deliverable.artifact().size().orElse(-1);
        // The cache goes first: it may have to make room on the same disk.
        try (BlobWriter writer = store.write(call, deliverable.cacheKey(), size)) {
            String name = deliverable.artifact().name();
            DiskSpace.require("download " + name + ", which is to be unpacked beside", temporaryFolder, size);
            Blob blob = source.use(call, from -> new Download(call, from, deliverable, writer, events, pause).run());
            String tag = deliverable.release().tag();
            events.publish(EventKind.ARTIFACT_CACHED, blob.key(), tag, blob.size(), blob.digest());
            events.publish(EventKind.ARTIFACT_DOWNLOADED, tag);
            return blob;
        }
    }

    private LocalArtifact local(Call call, Cache store, Blob blob, boolean held) throws DewyException {
        if (store instanceof LocalFiles files) {
            return new LocalArtifact(files.file(call, blob), blob.digest(), held, Optional.empty(), false);
        }
        DiskSpace.require("copy " + blob.key() + " from the cache to", temporaryFolder, blob.size());
        Path copy = temporaryFolder.resolve(blob.digest().hex());
        try {
            Files.createDirectories(temporaryFolder);
            try (OutputStream out = Files.newOutputStream(copy)) {
                read(call, store, blob, out);
            } catch (DewyException e) {
                Files.deleteIfExists(copy);
                throw e;
            }
            return new LocalArtifact(copy, blob.digest(), held, Optional.empty(), true);
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of(
                            "copy from the cache",
                            blob.key(),
                            String.valueOf(e.getMessage()),
                            "Check free space and owner of " + temporaryFolder),
                    e);
        }
    }

    private static Digest digest(Call call, Cache store, Blob blob, String algorithm) throws DewyException {
        MessageDigest calculation = Digest.calculation(algorithm);
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), calculation)) {
            read(call, store, blob, out);
            return Digest.of(calculation);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Nothing is written anywhere.
        }
    }

    /**
     * Has a cache give a blob, whose digest is checked whoever gives it.
     *
     * @throws IOException if it cannot be written
     */
    private static void read(Call call, Cache store, Blob blob, OutputStream to) throws DewyException, IOException {
        try (InputStream in = VerifyingStream.of(store.read(call, blob), blob)) {
            byte[] buffer = new byte[64 << 10];
            for (int n = read(call, blob, in, buffer); n >= 0; n = read(call, blob, in, buffer)) {
                to.write(buffer, 0, n);
                call.check();
            }
        }
    }

    private static int read(Call call, Blob blob, InputStream in, byte[] buffer) throws DewyException {
        try {
            return in.read(buffer);
        } catch (DamagedException e) {
            throw new CorruptException(
                    Problem.of("read from the cache", blob.key(), String.valueOf(e.getMessage()), ""), e);
        } catch (IOException e) {
            call.check();
            if (e.getCause() instanceof DewyException typed) {
                throw typed;
            }
            throw new StorageException(
                    Problem.of("read from the cache", blob.key(), String.valueOf(e.getMessage()), ""), e);
        }
    }
}
