@NullMarked
package dewy.core;

import org.jspecify.annotations.NullMarked;
