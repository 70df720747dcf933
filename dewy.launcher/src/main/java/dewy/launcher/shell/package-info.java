@NullMarked
package dewy.launcher.shell;

import org.jspecify.annotations.NullMarked;
