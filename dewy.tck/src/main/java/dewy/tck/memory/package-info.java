/**
 * A runtime for containers and a proxy that need nothing but this JVM, both with the scheme {@code memory}: they show that the
 * contracts can be kept, stand in for real ones in tests of others, and are the model for whoever writes one. What they
 * drive is in {@link dewy.tck.memory.host}; how replicas are exchanged is in {@link dewy.replicas}.
 *
 * <p>{@link dewy.tck.memory.MemoryRuntimeProvider} and {@link dewy.tck.memory.Containers} are the place to begin.
 */
@NullMarked
package dewy.tck.memory;

import org.jspecify.annotations.NullMarked;
