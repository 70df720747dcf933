package dewy.core.install;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.core.journal.Installed;
import java.util.Optional;

/**
 * The installers of an app.
 *
 * @param images of an app that is run
 */
public record Installers(Installer archives, Optional<Installer> images) {
    /**
     * Returns the one for a deliverable.
     *
     * @throws InvalidException if the app does not run what is delivered
     */
    public Installer of(Deliverable deliverable) throws InvalidException {
        if (deliverable.artifact().kind() == Artifact.Kind.ARCHIVE) {
            return archives;
        }
        return images.orElseThrow(() -> runsNoImages(deliverable, "an app of assets"));
    }

    /**
     * Returns the one for what is installed.
     *
     * @throws InvalidException if the app does not run that, because it is another kind of app now
     */
    public Installer of(Installed installed) throws InvalidException {
        return of(installed.deliverable());
    }

    /** Deletes what is old of either kind; returns how many releases are gone. */
    public int prune(CancellableCall call, Retention retention) throws DewyException {
        int archived = archives.prune(call, retention);
        return archived + (images.isPresent() ? images.get().prune(call, retention) : 0);
    }

    static InvalidException runsNoImages(Deliverable deliverable, String who) {
        return new InvalidException(new Problem(
                "deploy",
                "the image " + deliverable.artifact().name() + " of "
                        + deliverable.release().tag(),
                who + " runs no images",
                "Name an archive of the release with artifact=, or run the app as a container"));
    }
}
