@NullMarked
package dewy.registry.file;

import org.jspecify.annotations.NullMarked;
