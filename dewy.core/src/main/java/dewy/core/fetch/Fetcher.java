package dewy.core.fetch;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.LocalFiles;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.archive.disk.DiskSpace;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.plugin.PluginSlot;
import dewy.core.verify.TrustedKeys;
import dewy.core.verify.TrustedKeys.SignatureFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
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

    /** Returns the artifact as a file whose digest and signature are as they must be, also where the cache had it. */
    public LocalArtifact fetch(CancellableCall call, Deliverable deliverable, EventScope events) throws DewyException {
        List<SignatureFile> signatures = source.use(call, from -> trusted.find(call, from, deliverable));
        LocalArtifact artifact = get(call, deliverable, events);
        try {
            Optional<String> signer = trusted.require(call, signatures, deliverable, artifact.file());
            signer.ifPresent(key -> events.publish(
                    EventKind.ARTIFACT_VERIFIED,
                    deliverable.cacheKey(),
                    deliverable.release().tag(),
                    key));
            return artifact.signedBy(signer);
        } catch (CorruptException e) {
            artifact.close();
            throw unusable(call, deliverable, artifact, e);
        } catch (DewyException | RuntimeException e) {
            artifact.close();
            throw e;
        }
    }

    private LocalArtifact get(CancellableCall call, Deliverable deliverable, EventScope events) throws DewyException {
        return cache.use(call, store -> {
            Optional<Blob> held = find(call, store, deliverable);
            Blob blob = held.isPresent() ? held.get() : download(call, store, deliverable, events);
            return local(call, store, blob, held.isPresent());
        });
    }

    /**
     * Has the cache forget an artifact that turned out to be unusable, so that it is downloaded again.
     *
     * @return what to fail with: where the cache had it, that is not yet the fault of the release
     */
    public DewyException unusable(
            CancellableCall call, Deliverable deliverable, LocalArtifact artifact, CorruptException why)
            throws DewyException {
        forget(call, deliverable);
        return artifact.held()
                ? new StorageException(
                        Problem.of(
                                "use the cached artifact",
                                deliverable.cacheKey(),
                                why.problem().why(),
                                "It is downloaded again."),
                        why)
                : why;
    }

    private void forget(CancellableCall call, Deliverable deliverable) throws DewyException {
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

    private Optional<Blob> find(CancellableCall call, Cache store, Deliverable deliverable) throws DewyException {
        Optional<Blob> held = store.find(call, deliverable.cacheKey());
        Optional<Digest> declared = deliverable.artifact().digest();
        if (held.isEmpty() || declared.isEmpty()) {
            return held;
        }
        Digest actual = declared.get().algorithm().equals(held.get().digest().algorithm())
                ? held.get().digest()
                : digest(call, store, held.get(), declared.get().algorithm());
        return actual.equals(declared.get()) ? held : Optional.empty();
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
        try (InputStream in = store.read(call, blob)) {
            DiskSpace.require("copy " + blob.key() + " from the cache to", temporaryFolder, blob.size());
            Files.createDirectories(temporaryFolder);
            Path copy = temporaryFolder.resolve(blob.digest().hex());
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
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
        try (InputStream in = new DigestInputStream(store.read(call, blob), calculation)) {
            byte[] buffer = new byte[64 << 10];
            while (in.read(buffer) >= 0) {
                call.check();
            }
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("read from the cache", blob.key(), String.valueOf(e.getMessage()), ""), e);
        }
        return Digest.of(calculation);
    }
}
