@NullMarked
package dewy.core.agent;

import org.jspecify.annotations.NullMarked;
