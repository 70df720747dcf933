@NullMarked
package dewy.launcher.agent;

import org.jspecify.annotations.NullMarked;
