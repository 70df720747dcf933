/**
 * Runs server apps as child processes that inherit listening sockets, one generation after the other.
 */
@NullMarked
package dewy.runtime.process;

import org.jspecify.annotations.NullMarked;
