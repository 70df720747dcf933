/** Notifications by mail. */
@NullMarked
package dewy.notifier.mail;

import org.jspecify.annotations.NullMarked;
