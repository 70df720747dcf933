@NullMarked
package dewy.core.fetch;

import org.jspecify.annotations.NullMarked;
