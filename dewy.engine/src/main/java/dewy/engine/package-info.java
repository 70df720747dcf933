/**
 * The container engine: where it is, how it is spoken to, and what its answers mean. {@link dewy.engine.Engine} is what is asked.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage: dewy.engine}), and docker-java with them
 * ({@code cnf/docker-java.bnd}), so that it can be replaced without any other; nothing of this package is in what bundles say to
 * each other.
 */
@NullMarked
package dewy.engine;

import org.jspecify.annotations.NullMarked;
