/**
 * The control service: what the launcher, the shell and the admin interface ask of the agent.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
