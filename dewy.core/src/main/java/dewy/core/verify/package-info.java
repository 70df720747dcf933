@NullMarked
package dewy.core.verify;

import org.jspecify.annotations.NullMarked;
