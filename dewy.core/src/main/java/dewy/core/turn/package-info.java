@NullMarked
package dewy.core.turn;

import org.jspecify.annotations.NullMarked;
