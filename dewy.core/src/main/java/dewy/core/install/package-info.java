/**
 * How what is delivered gets onto this host and leaves it: archives by the cache and a {@link dewy.core.install.ReleaseDirectory
 * release folder}, images by the store of their runtime.
 */
@NullMarked
package dewy.core.install;

import org.jspecify.annotations.NullMarked;
