@NullMarked
package dewy.core.plugin;

import org.jspecify.annotations.NullMarked;
