@NullMarked
package dewy.notifier.log;

import org.jspecify.annotations.NullMarked;
