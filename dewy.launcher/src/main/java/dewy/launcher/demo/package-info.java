@NullMarked
package dewy.launcher.demo;

import org.jspecify.annotations.NullMarked;
