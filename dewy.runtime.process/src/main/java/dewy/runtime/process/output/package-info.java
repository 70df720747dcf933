/**
 * The output of an app: the file it is appended to, followed into the log and kept within bounds.
 */
@NullMarked
package dewy.runtime.process.output;

import org.jspecify.annotations.NullMarked;
