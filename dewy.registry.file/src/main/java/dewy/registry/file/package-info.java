/**
 * Releases in a folder, {@code <dir>/<version>/<artifact>}: a registry, and the artifact source that belongs to it.
 * {@link dewy.registry.file.RegistryFolder} and {@link dewy.registry.file.Snapshot} say what the folder means, {@link
 * dewy.api.registry.FileRole} what its files do; everything else stands on them.
 */
@NullMarked
package dewy.registry.file;

import org.jspecify.annotations.NullMarked;
