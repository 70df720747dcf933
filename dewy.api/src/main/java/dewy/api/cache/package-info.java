/**
 * Caches: blob stores for downloaded artifacts.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.cache;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
