package dewy.api.artifact;

import dewy.api.plugin.Provider;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens artifact sources: the URL is the value of {@code --artifact}, or else that of {@code --registry}, without the
 * parameters that core itself reads.
 */
@ConsumerType
public interface ArtifactProvider extends Provider<ArtifactSource> {}
