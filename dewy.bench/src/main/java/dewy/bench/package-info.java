/** Benchmarks, each a program that {@code java} runs from its source. */
@NullMarked
package dewy.bench;

import org.jspecify.annotations.NullMarked;
