@NullMarked
package dewy.core.cycle;

import org.jspecify.annotations.NullMarked;
