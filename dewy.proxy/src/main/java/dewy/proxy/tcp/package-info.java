/** Connections relayed as they are: those of TCP listeners, and those of HTTP listeners that turned out to be no HTTP. */
@NullMarked
package dewy.proxy.tcp;

import org.jspecify.annotations.NullMarked;
