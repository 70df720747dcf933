@NullMarked
package dewy.launcher.prompt;

import org.jspecify.annotations.NullMarked;
