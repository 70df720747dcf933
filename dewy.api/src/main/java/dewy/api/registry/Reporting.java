package dewy.api.registry;

import dewy.api.Call;
import dewy.api.DewyException;
import org.osgi.annotation.versioning.ConsumerType;

/** A registry that wants to know what became of its releases. */
@ConsumerType
public interface Reporting {
    /** Records where and when a release was deployed. A failure is told to people and does not undo the deployment. */
    void report(Call call, DeploymentReport report) throws DewyException;

    /**
     * Records that an attempt at a deployment failed, or that a release was found to be no good after it was deployed: once
     * for each. Does nothing unless the registry wants to know. What fails here is told to people, and changes nothing.
     *
     * @param report with its {@linkplain DeploymentReport#error error}
     */
    default void reportFailure(Call call, DeploymentReport report) throws DewyException {}
}
