package dewy.core.install;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import dewy.archive.ExtractionLimits;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.fetch.Fetcher;
import dewy.core.fetch.LocalArtifact;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Archives: fetched through the cache, unpacked into release folders, found by {@code current}. */
public final class ArchiveInstaller implements Installer {
    private final Fetcher fetcher;
    private final ReleaseDirectory releases;
    private final AppMemory memory;
    private final ExtractionLimits limits;

    public ArchiveInstaller(Fetcher fetcher, ReleaseDirectory releases, AppMemory memory, ExtractionLimits limits) {
        this.fetcher = fetcher;
        this.releases = releases;
        this.memory = memory;
        this.limits = limits;
    }

    @Override
    public Fetched fetch(CancellableCall call, EventScope events, Deliverable deliverable) throws DewyException {
        if (memory.isReplaced(deliverable)) {
            fetcher.forget(call, deliverable, events);
        }
        return new FetchedArchive(deliverable, fetcher.fetch(call, deliverable, events));
    }

    @Override
    public boolean holds(CancellableCall call, Installed installed) {
        return !installed.place().isGone();
    }

    @Override
    public void provide(CancellableCall call, EventScope events, Installed installed) {}

    @Override
    public Undo select(EventScope events, Installed installed, EventKind told) throws DewyException {
        Optional<Path> before = releases.current();
        lead(events, installed.folder().orElseThrow(), told);
        return () -> {
            if (before.isPresent()) {
                lead(events, before.get(), EventKind.CURRENT_RESTORED);
            }
        };
    }

    private void lead(EventScope events, Path folder, EventKind told) throws DewyException {
        if (!releases.current().equals(Optional.of(folder))) {
            releases.activate(folder);
            events.publish(told, folder, folder.resolveSibling("../current").normalize());
        }
    }

    @Override
    public int prune(CancellableCall call, Retention retention) throws DewyException {
        List<Path> failed =
                folders(memory.installed().stream().filter(memory::isBad).toList());
        return releases.prune(retention.keep(), folders(retention.inUse()), failed, retention.keepFailed())
                .size();
    }

    private static List<Path> folders(List<Installed> installed) {
        return installed.stream().flatMap(release -> release.folder().stream()).toList();
    }

    private final class FetchedArchive implements Fetched {
        private final Deliverable deliverable;
        private final LocalArtifact artifact;

        FetchedArchive(Deliverable deliverable, LocalArtifact artifact) {
            this.deliverable = deliverable;
            this.artifact = artifact;
        }

        @Override
        public Installed install(CancellableCall call, EventScope events) throws DewyException {
            try {
                Path folder = releases.install(
                        call, artifact.file(), deliverable.artifact().name(), limits);
                events.publish(EventKind.ARCHIVE_EXTRACTED, folder);
                return Installed.unpacked(deliverable, artifact.digest(), folder, artifact.signer());
            } catch (CorruptException e) {
                fetcher.forget(call, deliverable, events);
                if (artifact.held()) {
                    throw new StorageException(
                            Problem.of(
                                    "use the cached artifact",
                                    deliverable.cacheKey(),
                                    e.problem().why(),
                                    "It is downloaded again."),
                            e);
                }
                throw e;
            }
        }

        @Override
        public void close() {
            artifact.close();
        }
    }
}
