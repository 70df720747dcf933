@NullMarked
package dewy.core.audit;

import org.jspecify.annotations.NullMarked;
