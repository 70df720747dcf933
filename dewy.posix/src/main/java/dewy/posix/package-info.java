@NullMarked
package dewy.posix;

import org.jspecify.annotations.NullMarked;
