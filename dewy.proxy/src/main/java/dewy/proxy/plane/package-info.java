/**
 * The process that carries the traffic of all apps of an agent. It knows of an app nothing but its listeners, its settings and
 * its sets of backends, and is told of those by the agent ({@link dewy.proxy.control}). It goes on without the agent, and ends
 * by itself when it serves no app any more.
 */
@NullMarked
package dewy.proxy.plane;

import org.jspecify.annotations.NullMarked;
