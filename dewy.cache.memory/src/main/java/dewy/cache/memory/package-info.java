/** Artifacts kept in memory, outside the heap. */
@NullMarked
package dewy.cache.memory;

import org.jspecify.annotations.NullMarked;
