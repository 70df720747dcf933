/**
 * By what a new generation is known to be ready: that it stays up, that it says so, or that it answers.
 */
@NullMarked
package dewy.runtime.process.ready;

import org.jspecify.annotations.NullMarked;
