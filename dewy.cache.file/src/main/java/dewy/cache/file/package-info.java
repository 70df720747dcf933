/**
 * A cache in a folder of this host, which several agents may share. {@link dewy.cache.file.CacheFolder} says how blobs
 * lie there, {@link dewy.cache.file.Room} which of them have to go, and {@link dewy.cache.file.FileCache} is the cache
 * itself. Beside it a {@link dewy.cache.file.StoreFile} holds what these agents agree on, by a {@link dewy.cache.file.StoreTime}
 * that no setting of the clock changes.
 */
@NullMarked
package dewy.cache.file;

import org.jspecify.annotations.NullMarked;
