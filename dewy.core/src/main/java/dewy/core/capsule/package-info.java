@NullMarked
package dewy.core.capsule;

import org.jspecify.annotations.NullMarked;
