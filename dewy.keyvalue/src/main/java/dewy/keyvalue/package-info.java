/**
 * What caches and stores in key-value servers share. Such a server takes values that are small and holds them in memory: so
 * {@link dewy.keyvalue.ChunkedWriter} cuts a blob into chunks, which a {@link dewy.keyvalue.Manifest} describes, {@link
 * dewy.keyvalue.ChunkedContent} reads them one after the other, and {@link dewy.keyvalue.Capacity} bounds what there is.
 * {@link dewy.keyvalue.Watches} has those told who watch a store.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage} in {@code cnf/common.bnd}), so that it can be
 * replaced without any other.
 */
@NullMarked
package dewy.keyvalue;

import org.jspecify.annotations.NullMarked;
