/** What plugins that speak HTTP share: the proxy that this host's environment asks for. */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
