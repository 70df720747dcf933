@NullMarked
package dewy.core.select;

import org.jspecify.annotations.NullMarked;
