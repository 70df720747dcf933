/**
 * The time that the runtime lives by.
 */
@NullMarked
package dewy.runtime.process.time;

import org.jspecify.annotations.NullMarked;
