/**
 * What goes on outside of the agent, for tests: a container engine, and the data planes of proxies. An agent, an app or an
 * instance of a plugin comes and goes; this stays. It is a package of its own, so that in a framework it can belong to a
 * bundle that stays as well.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.tck.memory.host;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
