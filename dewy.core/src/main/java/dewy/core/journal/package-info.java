@NullMarked
package dewy.core.journal;

import org.jspecify.annotations.NullMarked;
