@NullMarked
package dewy.admin;

import org.jspecify.annotations.NullMarked;
