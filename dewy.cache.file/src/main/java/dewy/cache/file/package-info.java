@NullMarked
package dewy.cache.file;

import org.jspecify.annotations.NullMarked;
