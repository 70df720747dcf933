@NullMarked
package dewy.core.notify;

import org.jspecify.annotations.NullMarked;
