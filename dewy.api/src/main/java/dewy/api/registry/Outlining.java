package dewy.api.registry;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Release;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A registry whose polls outline its releases: they name them, without what they offer and when they were published, because
 * to know that of all would cost a request for each. Core has it complete those alone that may be deployed, the newest first.
 *
 * <p>A later poll finds something changed also when one of those that it completed since the last change is another one now.
 */
@ConsumerType
public interface Outlining {
    /**
     * Completes a release that a poll outlined.
     *
     * @return the release as it is now; without artifacts where nothing of it is left
     */
    Release complete(Call call, Release outline) throws DewyException;
}
