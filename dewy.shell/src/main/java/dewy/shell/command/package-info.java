@NullMarked
package dewy.shell.command;

import org.jspecify.annotations.NullMarked;
