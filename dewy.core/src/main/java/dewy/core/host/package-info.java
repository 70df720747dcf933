@NullMarked
package dewy.core.host;

import org.jspecify.annotations.NullMarked;
