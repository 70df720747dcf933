/**
 * The contract tests that every plugin passes. The tests of a plugin extend the class of its kind ({@link
 * dewy.tck.RegistryContract}, {@link dewy.tck.ArtifactContract}, {@link dewy.tck.CacheContract}, {@link
 * dewy.tck.StoreContract}, {@link dewy.tck.NotifierContract}, {@link dewy.tck.RuntimeContract}, {@link dewy.tck.ProxyContract}) and say how to bring its
 * remote into each state; those of its bundle extend {@link dewy.tck.BundleContract}. Runtimes that
 * move traffic extend {@link dewy.tck.RoutingContract}, those that run images implement {@link dewy.tck.ImageStoreContract}, and those that run replicas {@link dewy.tck.ReplicatedContract}, as
 * well, and {@link dewy.tck.Fuse} kills an agent after each of its steps.
 *
 * <p>A contract talks to the plugin as core does, and to a real remote, which may be a stand-in on loopback: the client
 * in the plugin is never replaced. For those that speak HTTP there are {@link dewy.tck.HttpStandIn} and {@link
 * dewy.tck.ProxyStandIn}.
 */
@NullMarked
package dewy.tck;

import org.jspecify.annotations.NullMarked;
