/**
 * Releases in a folder, {@code <dir>/<version>/<artifact>}: a registry, and the artifact source that belongs to it.
 * {@link dewy.registry.file.RegistryFolder} and {@link dewy.registry.file.Names} say what the folder means; everything
 * else stands on them.
 */
@NullMarked
package dewy.registry.file;

import org.jspecify.annotations.NullMarked;
