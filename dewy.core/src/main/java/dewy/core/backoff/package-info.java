/** How what fails is tried again: later each time. */
@NullMarked
package dewy.core.backoff;

import org.jspecify.annotations.NullMarked;
