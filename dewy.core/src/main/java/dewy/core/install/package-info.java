/**
 * Turns an archive into a release folder: unpacks it within limits, makes it durable, gives it its final name and
 * points {@code current} to it.
 *
 * <p>An archive is taken for hostile until it is unpacked. What it does wrong is a
 * {@link dewy.api.CorruptException}, what this host cannot do is a {@link dewy.api.StorageException}, and neither
 * leaves anything behind.
 */
@NullMarked
package dewy.core.install;

import org.jspecify.annotations.NullMarked;
