@NullMarked
package dewy.core.app;

import org.jspecify.annotations.NullMarked;
