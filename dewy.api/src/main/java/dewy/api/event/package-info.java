/**
 * Events: what happened, as one ordered stream that notifications, log, journal and shell listen to.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
