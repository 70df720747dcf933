/**
 * Unpacks archives into folders. {@link dewy.archive.ArchiveExtractor} is the way in; {@code Extraction} tells how one
 * archive becomes files: an {@code EntryReader} of its format lists the entries, the {@code EntryWriter} writes them, and
 * the {@code Meter} counts what that takes.
 *
 * <p>An archive is taken for hostile until it is unpacked. What it does wrong is a
 * {@link dewy.api.CorruptException}, what this host cannot do is a {@link dewy.api.StorageException}.
 *
 * <p>What GNU tar and unzip unpack is to come out the same here or be refused. So tar, gzip and zip are read here, since
 * libraries for these accept less, or more, than the tools do; bzip2, xz and zstd are decoded by libraries.
 */
@NullMarked
package dewy.archive;

import org.jspecify.annotations.NullMarked;
