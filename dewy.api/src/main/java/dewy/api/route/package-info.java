/**
 * Routing: what moves the traffic of an app from one set of backends to another, as its runtime sees it.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.route;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
