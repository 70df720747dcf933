/**
 * How what is delivered gets onto this host and leaves it: archives by the cache and a release folder, images by the store of
 * their runtime.
 */
@NullMarked
package dewy.core.deliverable;

import org.jspecify.annotations.NullMarked;
