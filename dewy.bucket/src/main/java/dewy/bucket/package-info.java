/**
 * Releases, artifacts, a cache and a store in a bucket of objects, whichever service has it: {@link dewy.bucket.Bucket} is
 * what is asked of one, and {@link dewy.bucket.BucketAccess} how the one is found that a URL names. A plugin has these two, and
 * providers that extend those of this package.
 *
 * <p>What several hosts change is one object, which is written only if it is as it was read ({@code SharedObject}): the index
 * of a cache, and all of a store ({@code StoreObject}). Blobs are objects of their own, which are there before they are named and deleted after
 * that.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage: dewy.bucket}), so that it can be replaced
 * without any other; nothing of this package is in what bundles say to each other.
 */
@NullMarked
package dewy.bucket;

import org.jspecify.annotations.NullMarked;
