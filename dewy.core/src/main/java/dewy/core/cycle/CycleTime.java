package dewy.core.cycle;

import java.time.InstantSource;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Where time and chance come from.
 *
 * @param clock the time of day
 * @param nanoTime a monotonic clock
 * @param random numbers from 0 to 1
 */
public record CycleTime(InstantSource clock, LongSupplier nanoTime, DoubleSupplier random) {}
