@NullMarked
package dewy.core.hook;

import org.jspecify.annotations.NullMarked;
