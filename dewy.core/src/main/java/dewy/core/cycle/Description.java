package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.Locating;
import dewy.api.registry.Outlining;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.journal.AppMemory;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.util.Optional;

/** Has registry and artifact source say all they know about the artifact that was selected. */
record Description(ReleaseSelector selector, Registry registry, ArtifactSource source, AppMemory memory) {
    /** Returns the source, if it knows by itself which artifact a release has. */
    Optional<Locating> locating() {
        return source instanceof Locating itself ? Optional.of(itself) : Optional.empty();
    }

    /** Returns a release as the registry knows it, which may have outlined it so far. */
    Release complete(CancellableCall call, OfferedReleases offer, Release release) throws DewyException {
        return offer.isOutline(release) && registry instanceof Outlining itself
                ? itself.complete(call, release)
                : release;
    }

    Selection of(CancellableCall call, Selection.Selected selected) throws DewyException {
        Release release = selected.deliverable().release();
        Artifact artifact = selected.deliverable().artifact();
        try {
            Artifact described =
                    release.artifacts().contains(artifact) ? registry.describe(call, release, artifact) : artifact;
            return signed(call, new Deliverable(release, located(call, release, described)));
        } catch (NotFoundException e) {
            if (locating().isEmpty()) {
                throw e;
            }
            return selector.lacking(release, e.problem());
        }
    }

    /** What must be signed and is not yet is as incomplete as what lacks its artifact; what is deployed is not taken anew. */
    private Selection signed(CancellableCall call, Deliverable deliverable) throws DewyException {
        try {
            if (memory.deployed().filter(now -> now.is(deliverable)).isEmpty()) {
                selector.trusted().find(call, source, deliverable);
            }
            return new Selection.Selected(deliverable);
        } catch (NotFoundException e) {
            return selector.unsigned(deliverable.release(), e.problem());
        }
    }

    private Artifact located(CancellableCall call, Release release, Artifact artifact) throws DewyException {
        return source instanceof Locating itself ? itself.describe(call, release, artifact) : artifact;
    }
}
