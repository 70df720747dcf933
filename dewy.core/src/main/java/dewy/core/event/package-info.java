@NullMarked
package dewy.core.event;

import org.jspecify.annotations.NullMarked;
