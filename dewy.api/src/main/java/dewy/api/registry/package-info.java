/**
 * Registries: where releases are announced. A registry is polled with a cursor; outlining, reporting and waking are optional.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.registry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
