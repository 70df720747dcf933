/**
 * A cache and a store in Consul's KV store. {@link dewy.cache.consul.Consul} says where it is, {@link
 * dewy.cache.consul.Conversation} are the requests of one call, and {@link dewy.cache.consul.Transaction} is what is done in
 * one step.
 */
@NullMarked
package dewy.cache.consul;

import org.jspecify.annotations.NullMarked;
