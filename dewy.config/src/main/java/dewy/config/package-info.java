@NullMarked
package dewy.config;

import org.jspecify.annotations.NullMarked;
