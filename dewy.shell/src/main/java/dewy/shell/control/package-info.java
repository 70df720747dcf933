@NullMarked
package dewy.shell.control;

import org.jspecify.annotations.NullMarked;
