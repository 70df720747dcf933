/** Notifications as records in the log. */
@NullMarked
package dewy.notifier.log;

import org.jspecify.annotations.NullMarked;
