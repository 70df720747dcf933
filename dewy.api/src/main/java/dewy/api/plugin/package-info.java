/**
 * How a plugin introduces itself: the provider it registers, the URL it is configured by, the secrets that URL refers
 * to, and the state that one version of a plugin hands over to the next.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
