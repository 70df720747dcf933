@NullMarked
package dewy.itest;

import org.jspecify.annotations.NullMarked;
