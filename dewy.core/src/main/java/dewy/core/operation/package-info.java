@NullMarked
package dewy.core.operation;

import org.jspecify.annotations.NullMarked;
