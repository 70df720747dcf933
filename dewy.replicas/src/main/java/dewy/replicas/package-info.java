/**
 * Runs an app as replicas, generation after generation, on whatever can run them. {@link dewy.replicas.ReplicaRuntime} is the
 * place to begin, {@link dewy.replicas.Exchange} is how replicas are exchanged, {@link dewy.replicas.Replicas} has the rules that
 * all of it keeps, and {@link dewy.replicas.ReplicaHost} is what is
 * asked of a container engine, or of anything else that takes its place.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage: dewy.replicas}), so that it can be replaced without
 * any other; nothing of this package is in what bundles say to each other.
 */
@NullMarked
package dewy.replicas;

import org.jspecify.annotations.NullMarked;
