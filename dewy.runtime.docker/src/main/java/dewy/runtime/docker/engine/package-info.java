/**
 * The container engine: where it is, how it is spoken to, and what its answers mean. {@link dewy.runtime.docker.engine.Engine} is
 * what the runtime asks.
 */
@NullMarked
package dewy.runtime.docker.engine;

import org.jspecify.annotations.NullMarked;
