package dewy.api.artifact;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Artifact;
import dewy.api.release.RegistryLogin;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Implemented by an artifact source of images, which are pulled by the runtime and not opened here: it says as whom, so that
 * they are pulled by whoever found them.
 */
@ConsumerType
public interface Authorizing {
    /**
     * Returns as whom to pull an image. Called before each pull, also of what was deployed once and is pulled again.
     *
     * @param image what is to be pulled; its location is a reference with a tag, or a repository
     * @return empty where nobody in particular is to ask, and where the image is not at the registry of this source
     * @throws dewy.api.UnauthorizedException if the credentials cannot be had
     */
    Optional<RegistryLogin> login(Call call, Artifact image) throws DewyException;
}
