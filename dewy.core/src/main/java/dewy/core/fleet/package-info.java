/** What the hosts of an app do together, by way of the store that is beside their cache. */
@NullMarked
package dewy.core.fleet;

import org.jspecify.annotations.NullMarked;
