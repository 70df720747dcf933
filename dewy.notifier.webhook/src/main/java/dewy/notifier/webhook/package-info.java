/** Notifications by web hooks, in the form that each service wants. */
@NullMarked
package dewy.notifier.webhook;

import org.jspecify.annotations.NullMarked;
