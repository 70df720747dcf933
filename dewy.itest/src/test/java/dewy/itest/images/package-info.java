/** A container engine, data planes and a registry of images, as a bundle that stays while what drives them is swapped. */
@NullMarked
package dewy.itest.images;

import org.jspecify.annotations.NullMarked;
