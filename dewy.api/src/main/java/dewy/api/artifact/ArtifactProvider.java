package dewy.api.artifact;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Provider;
import java.net.URI;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens artifact sources: the URL is the value of {@code --artifact}, or else that of {@code --registry}, without the
 * parameters that core itself reads.
 */
@ConsumerType
public interface ArtifactProvider extends Provider<ArtifactSource> {
    /**
     * Opens the source of the one artifact at an address, which a remote has named. So nothing in it counts as a parameter
     * that leads to files, variables or secrets of this host; and whatever release it is asked for, it is that artifact
     * which it has. It may be {@link Locating}.
     *
     * @throws InvalidException if there can be no artifact at such an address, or artifacts have none here
     */
    default ArtifactSource openAt(URI address, AppContext app) throws InvalidException {
        throw new InvalidException(Problem.of(
                "fetch",
                address,
                "artifacts of the scheme " + address.getScheme() + " are found by their release only",
                "Have the registry announce it at https://, or name its source with --artifact"));
    }
}
