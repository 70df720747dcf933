@NullMarked
package dewy.launcher;

import org.jspecify.annotations.NullMarked;
