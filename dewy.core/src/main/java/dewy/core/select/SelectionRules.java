package dewy.core.select;

import dewy.core.verify.TrustedKeys;
import dewy.core.version.VersionConstraint;
import dewy.core.version.VersionScheme;
import java.time.Duration;
import java.util.Optional;

/**
 * Which release an app takes.
 *
 * @param scheme how tags are read
 * @param preRelease whether pre-releases are taken
 * @param versionsOnly whether a version that is published again with another content is no other release
 * @param slot the build metadata a version must have
 * @param constraint which versions are wanted, where not all are
 * @param coolDown how long ago a release must have been published
 * @param artifacts which artifact of a release is taken
 * @param trusted by which keys that must be signed
 * @param gracePeriod how long after its publication a release may lack its artifact
 */
public record SelectionRules(
        VersionScheme scheme,
        boolean preRelease,
        boolean versionsOnly,
        Optional<String> slot,
        Optional<VersionConstraint> constraint,
        Duration coolDown,
        ArtifactMatcher artifacts,
        TrustedKeys trusted,
        Duration gracePeriod) {}
