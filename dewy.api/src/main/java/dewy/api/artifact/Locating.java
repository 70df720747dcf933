package dewy.api.artifact;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Implemented by an artifact source that knows by itself where the artifact of a release is, so that its registry need
 * only announce versions. Which artifacts the registry offers is then not asked, but what it says about one of the same
 * name, above all its digest, counts.
 */
@ConsumerType
public interface Locating {
    /** Returns the artifact that this source has for a release, if it has one. Nothing is asked. */
    Artifact locate(Release release);

    /**
     * Looks whether the artifact is there, and completes its description. Called once for each newly selected release, and
     * again when its deployment failed.
     *
     * @param artifact the artifact by name; with size and digest where the registry declares them
     * @return the artifact, described as fully as it can be without fetching it
     * @throws dewy.api.NotFoundException if it is not there; core waits for it as long as the grace period lasts
     */
    Artifact describe(Call call, Release release, Artifact artifact) throws DewyException;

    /**
     * Opens what lies beside an artifact, from its start: a signature, whose name is that of the artifact and an ending.
     *
     * @param ending such as {@code .minisig}
     * @throws dewy.api.NotFoundException if there is no such file
     * @throws InvalidException if nothing can lie beside artifacts here, so that they cannot be verified
     */
    default ArtifactStream openBeside(Call call, Deliverable deliverable, String ending) throws DewyException {
        throw new InvalidException(Problem.of(
                "fetch",
                deliverable.artifact().name() + ending,
                "the plugin of this artifact source cannot fetch what lies beside an artifact",
                "Update the plugin, or leave out --verify"));
    }
}
