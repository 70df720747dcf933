@NullMarked
package dewy.launcher.cli;

import org.jspecify.annotations.NullMarked;
