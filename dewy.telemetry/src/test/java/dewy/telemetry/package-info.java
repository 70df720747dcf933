@NullMarked
package dewy.telemetry;

import org.jspecify.annotations.NullMarked;
