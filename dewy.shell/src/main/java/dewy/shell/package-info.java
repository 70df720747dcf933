@NullMarked
package dewy.shell;

import org.jspecify.annotations.NullMarked;
