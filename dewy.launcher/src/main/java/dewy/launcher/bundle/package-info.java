@NullMarked
package dewy.launcher.bundle;

import org.jspecify.annotations.NullMarked;
