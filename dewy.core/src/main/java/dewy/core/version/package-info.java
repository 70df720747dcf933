@NullMarked
package dewy.core.version;

import org.jspecify.annotations.NullMarked;
