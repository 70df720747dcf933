@NullMarked
package dewy.runtime.process;

import org.jspecify.annotations.NullMarked;
