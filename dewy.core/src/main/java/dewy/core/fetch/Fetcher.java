package dewy.core.fetch;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.LocalFiles;
import dewy.api.release.Deliverable;
import dewy.archive.disk.DiskSpace;
import dewy.core.backoff.Pause;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.fleet.DownloadTurns;
import dewy.core.plugin.PluginSlot;
import dewy.core.verify.Signatures;
import dewy.core.verify.TrustedKeys;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Gets the artifact of a deliverable: from the cache, or else from its source. A cache whose blobs are files of this host is
 * what the source is downloaded into; without any other cache a deployment goes on, since no host depends on it.
 */
public final class Fetcher {
    private final PluginSlot<ArtifactSource> source;
    private final PluginSlot<Cache> cache;
    private final DownloadTurns turns;
    private final TrustedKeys trusted;
    private final Path temporaryFolder;
    private final Pause pause;

    /**
     * Creates a fetcher.
     *
     * @param turns of the hosts that share the cache
     * @param trusted by which keys artifacts must be signed
     * @param pause between two tries at a download
     */
    public Fetcher(
            PluginSlot<ArtifactSource> source,
            PluginSlot<Cache> cache,
            DownloadTurns turns,
            TrustedKeys trusted,
            Path temporaryFolder,
            Pause pause) {
        this.source = source;
        this.cache = cache;
        this.turns = turns;
        this.trusted = trusted;
        this.temporaryFolder = temporaryFolder;
        this.pause = pause;
    }

    /** Returns the artifact as a file whose digest and signature are as they must be, whoever had it. */
    public LocalArtifact fetch(CancellableCall call, Deliverable deliverable, EventScope events) throws DewyException {
        Signatures signatures = source.use(call, from -> trusted.find(call, from, deliverable));
        LocalArtifact artifact = cache.use(
                call,
                store -> store instanceof LocalFiles files
                        ? throughFolder(call, store, files, signatures, events)
                        : besideCache(new RemoteCache(call, store, deliverable, temporaryFolder, events), signatures));
        if (artifact.held()) {
            events.publish(
                    EventKind.ARTIFACT_FOUND,
                    deliverable.cacheKey(),
                    deliverable.release().tag());
        }
        artifact.signer()
                .ifPresent(key -> events.publish(
                        EventKind.SIGNATURE_VERIFIED,
                        deliverable.cacheKey(),
                        deliverable.release().tag(),
                        key));
        return artifact;
    }

    /** Has the cache forget an artifact that turned out to be unusable, so that it is downloaded again. */
    public void forget(CancellableCall call, Deliverable deliverable, EventScope events) throws DewyException {
        cache.<Boolean>use(call, store -> {
            if (store instanceof LocalFiles) {
                store.delete(call, deliverable.cacheKey());
            } else {
                new RemoteCache(call, store, deliverable, temporaryFolder, events).forget();
            }
            return true;
        });
    }

    /** Notes in the cache, for people, what is deployed. */
    public void markCurrent(CancellableCall call, Deliverable deliverable) throws DewyException {
        cache.<Boolean>use(call, store -> {
            store.markCurrent(call, deliverable.cacheKey());
            return true;
        });
    }

    private LocalArtifact throughFolder(
            CancellableCall call, Cache store, LocalFiles files, Signatures signatures, EventScope events)
            throws DewyException {
        Deliverable deliverable = signatures.deliverable();
        Optional<LocalArtifact> held = inFolder(call, store, files, signatures, events);
        if (held.isPresent()) {
            return held.get();
        }
        // The cache goes first: it may have to make room on the same disk.
        try (BlobWriter writer = store.write(call, deliverable.cacheKey(), size(deliverable))) {
            Blob blob = download(call, deliverable, writer, events);
            Path file = files.file(call, blob);
            Optional<String> signer = signer(call, signatures, file, events);
            tellCached(events, deliverable, blob);
            tellDownloaded(events, deliverable);
            return new LocalArtifact(file, blob.digest(), false, signer, false);
        } catch (CorruptException e) {
            store.delete(call, deliverable.cacheKey());
            throw e;
        }
    }

    private static Optional<LocalArtifact> inFolder(
            CancellableCall call, Cache store, LocalFiles files, Signatures signatures, EventScope events)
            throws DewyException {
        Deliverable deliverable = signatures.deliverable();
        Optional<Blob> held = store.find(call, deliverable.cacheKey());
        if (held.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = files.file(call, held.get());
            return new LocalArtifact(file, held.get().digest(), true, Optional.empty(), false)
                    .verified(call, deliverable.artifact(), signatures);
        } catch (CorruptException | NotFoundException e) {
            call.check();
            events.publish(
                    EventKind.ARTIFACT_DISCARDED,
                    deliverable.cacheKey(),
                    e.problem().why());
            store.delete(call, deliverable.cacheKey());
            return Optional.empty();
        }
    }

    /** All hosts that share the cache wait for the one that downloads. */
    private LocalArtifact besideCache(RemoteCache remote, Signatures signatures) throws DewyException {
        boolean told = false;
        while (true) {
            Optional<LocalArtifact> held = remote.take(signatures);
            if (held.isPresent()) {
                return held.get();
            }
            Optional<DownloadTurns.Turn> turn = remote.hasFailed()
                    ? Optional.of(turns.alone(remote.call()))
                    : turns.tryTake(remote.call(), remote.deliverable().cacheKey());
            if (turn.isPresent()) {
                try (DownloadTurns.Turn mine = turn.get()) {
                    // Another host may have had its turn since the look at the cache.
                    Optional<LocalArtifact> late = remote.take(signatures);
                    return late.isPresent() ? late.get() : downloadBeside(remote, signatures, mine);
                }
            }
            if (!told) {
                remote.events()
                        .publish(
                                EventKind.ARTIFACT_EXPECTED,
                                remote.deliverable().cacheKey());
                told = true;
            }
            turns.await(remote.call());
        }
    }

    private LocalArtifact downloadBeside(RemoteCache remote, Signatures signatures, DownloadTurns.Turn turn)
            throws DewyException {
        try (TemporaryFile file = TemporaryFile.in(temporaryFolder, remote.deliverable(), turn::goOn)) {
            Blob blob = download(remote.call(), remote.deliverable(), file, remote.events());
            tellDownloaded(remote.events(), remote.deliverable());
            Optional<String> signer = signer(remote.call(), signatures, file.path(), remote.events());
            // Whoever was held up too long must not overwrite what its successor has put there.
            if (!turn.isLost() && remote.give(file.path(), blob, turn::goOn)) {
                tellCached(remote.events(), remote.deliverable(), blob);
            } else if (!turn.isLost()) {
                turn.tellUncached();
            }
            return file.keep(blob).signedBy(signer);
        }
    }

    /** Returns by which key a file that was just downloaded is signed, and tells if it is by none of those trusted. */
    private static Optional<String> signer(CancellableCall call, Signatures signatures, Path file, EventScope events)
            throws DewyException {
        try {
            return signatures.require(call, file);
        } catch (CorruptException e) {
            Deliverable deliverable = signatures.deliverable();
            events.publish(
                    EventKind.SIGNATURE_REFUSED,
                    deliverable.cacheKey(),
                    deliverable.release().tag(),
                    e.problem().why());
            throw e;
        }
    }

    private Blob download(CancellableCall call, Deliverable deliverable, BlobWriter writer, EventScope events)
            throws DewyException {
        String what = "download " + deliverable.artifact().name() + ", which is to be unpacked beside";
        DiskSpace.require(what, temporaryFolder, size(deliverable));
        return source.use(call, from -> new Download(call, from, deliverable, writer, events, pause).run());
    }

    private static long size(Deliverable deliverable) {
        return deliverable.artifact().size().orElse(-1);
    }

    private static void tellCached(EventScope events, Deliverable deliverable, Blob blob) {
        events.publish(
                EventKind.ARTIFACT_CACHED, blob.key(), deliverable.release().tag(), blob.size(), blob.digest());
    }

    private static void tellDownloaded(EventScope events, Deliverable deliverable) {
        events.publish(EventKind.ARTIFACT_DOWNLOADED, deliverable.release().tag());
    }
}
