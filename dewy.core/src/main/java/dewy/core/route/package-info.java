/** The traffic of an app: what its runtime routes, by whichever proxy is plugged in. */
@NullMarked
package dewy.core.route;

import org.jspecify.annotations.NullMarked;
