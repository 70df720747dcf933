/**
 * A cache and a store in Redis. {@link dewy.cache.redis.Redis} finds the primary and connects, {@link
 * dewy.cache.redis.Session} is one connection for one call, and {@link dewy.cache.redis.Script} all that changes something,
 * in one step each.
 */
@NullMarked
package dewy.cache.redis;

import org.jspecify.annotations.NullMarked;
