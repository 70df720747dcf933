/**
 * Runtimes: how an app runs, generation after generation.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
