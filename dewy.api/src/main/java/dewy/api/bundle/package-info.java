/**
 * The bundles that a launcher brings along, of which a framework is given only those that it needs.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.bundle;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
