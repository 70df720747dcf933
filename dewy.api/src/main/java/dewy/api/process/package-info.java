/**
 * The operating system as a service: listening sockets that outlive their users, and child processes that inherit
 * them. Offered by one bundle that is never swapped, so what it owns survives every swap of a plugin.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
