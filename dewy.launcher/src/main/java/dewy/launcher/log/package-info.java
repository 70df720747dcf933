@NullMarked
package dewy.launcher.log;

import org.jspecify.annotations.NullMarked;
