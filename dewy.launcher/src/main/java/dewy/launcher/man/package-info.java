@NullMarked
package dewy.launcher.man;

import org.jspecify.annotations.NullMarked;
