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
    private final Path temporaryFolder;
    private final Pause pause;

    /**
     * Creates a fetcher.
     *
     * @param turns of the hosts that share the cache
     * @param pause between two tries at a download
     */
    public Fetcher(
            PluginSlot<ArtifactSource> source,
            PluginSlot<Cache> cache,
            DownloadTurns turns,
            Path temporaryFolder,
            Pause pause) {
        this.source = source;
        this.cache = cache;
        this.turns = turns;
        this.temporaryFolder = temporaryFolder;
        this.pause = pause;
    }

    /** Returns the artifact as a verified file. */
    public LocalArtifact fetch(CancellableCall call, Deliverable deliverable, EventScope events) throws DewyException {
        return cache.use(
                call,
                store -> store instanceof LocalFiles files
                        ? throughFolder(call, store, files, deliverable, events)
                        : besideCache(new RemoteCache(call, store, deliverable, temporaryFolder, events)));
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
            CancellableCall call, Cache store, LocalFiles files, Deliverable deliverable, EventScope events)
            throws DewyException {
        Optional<Blob> held = store.find(call, deliverable.cacheKey());
        if (held.isPresent()) {
            try {
                LocalArtifact artifact = new LocalArtifact(
                        files.file(call, held.get()), held.get().digest(), true, false);
                if (artifact.isAsDeclared(call, deliverable.artifact())) {
                    return artifact;
                }
            } catch (CorruptException | NotFoundException e) {
                call.check();
                events.publish(
                        EventKind.ARTIFACT_DISCARDED,
                        deliverable.cacheKey(),
                        e.problem().why());
                store.delete(call, deliverable.cacheKey());
            }
        }
        // The cache goes first: it may have to make room on the same disk.
        try (BlobWriter writer = store.write(call, deliverable.cacheKey(), size(deliverable))) {
            Blob blob = download(call, deliverable, writer, events);
            tellCached(events, deliverable, blob);
            tellDownloaded(events, deliverable);
            return new LocalArtifact(files.file(call, blob), blob.digest(), false, false);
        }
    }

    /** All hosts that share the cache wait for the one that downloads. */
    private LocalArtifact besideCache(RemoteCache remote) throws DewyException {
        boolean told = false;
        while (true) {
            Optional<LocalArtifact> held = remote.take();
            if (held.isPresent()) {
                return held.get();
            }
            Optional<DownloadTurns.Turn> turn = remote.hasFailed()
                    ? Optional.of(turns.alone(remote.call()))
                    : turns.tryTake(remote.call(), remote.deliverable().cacheKey());
            if (turn.isPresent()) {
                try (DownloadTurns.Turn mine = turn.get()) {
                    // Another host may have had its turn since the look at the cache.
                    Optional<LocalArtifact> late = remote.take();
                    return late.isPresent() ? late.get() : downloadBeside(remote, mine);
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

    private LocalArtifact downloadBeside(RemoteCache remote, DownloadTurns.Turn turn) throws DewyException {
        try (TemporaryFile file = TemporaryFile.in(temporaryFolder, remote.deliverable(), turn::goOn)) {
            Blob blob = download(remote.call(), remote.deliverable(), file, remote.events());
            tellDownloaded(remote.events(), remote.deliverable());
            // Whoever was held up too long must not overwrite what its successor has put there.
            if (!turn.isLost() && remote.give(file.path(), blob, turn::goOn)) {
                tellCached(remote.events(), remote.deliverable(), blob);
            } else if (!turn.isLost()) {
                turn.tellUncached();
            }
            return file.keep(blob);
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
