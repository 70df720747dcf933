/**
 * What passes through a listener, whatever protocol it speaks. {@link dewy.proxy.traffic.Traffic} is what the process of the
 * data plane drives; {@link dewy.proxy.traffic.Backends} decides where something goes, and knows what is in flight; {@link
 * dewy.proxy.traffic.LoopConnections} has what is open on one event loop.
 */
@NullMarked
package dewy.proxy.traffic;

import org.jspecify.annotations.NullMarked;
