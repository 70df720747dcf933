package dewy.api.registry;

import dewy.api.Call;
import dewy.api.DewyException;
import org.osgi.annotation.versioning.ConsumerType;

/** A registry that wants to know what became of its releases. */
@ConsumerType
public interface Reporting {
    /** Records where and when a release was deployed. A failure is told to people and does not undo the deployment. */
    void report(Call call, DeploymentReport report) throws DewyException;
}
