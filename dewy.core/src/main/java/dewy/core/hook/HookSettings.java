package dewy.core.hook;

import java.time.Duration;
import java.util.Optional;

/**
 * The hooks of an app.
 *
 * @param before command run before a release is unpacked
 * @param after command run once the new version is ready
 * @param limit how long each may take
 * @param abortOnFailure whether a failing hook ends the deployment
 */
public record HookSettings(Optional<String> before, Optional<String> after, Duration limit, boolean abortOnFailure) {}
