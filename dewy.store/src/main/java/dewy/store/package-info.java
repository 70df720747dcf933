/**
 * A store that is one text, which people can read as well: {@link dewy.store.TextStore} does on it what stores do, {@link
 * dewy.store.StoreContent} is what it says, and {@link dewy.store.SharedText} is where it is kept, which a plugin has.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage} in {@code cnf/common.bnd}), so that it can be
 * replaced without any other.
 */
@NullMarked
package dewy.store;

import org.jspecify.annotations.NullMarked;
