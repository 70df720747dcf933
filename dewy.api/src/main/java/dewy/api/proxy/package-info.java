/**
 * Proxies: how traffic reaches the backends of an app, and how it is switched and drained.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.proxy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
