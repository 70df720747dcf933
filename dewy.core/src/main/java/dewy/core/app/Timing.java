package dewy.core.app;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Where time and chance come from.
 *
 * @param clock the time of day
 * @param nanoTime a monotonic clock
 * @param random numbers from 0 to 1
 * @param timer runs short tasks when their time has come
 */
public record Timing(
        InstantSource clock, LongSupplier nanoTime, DoubleSupplier random, ScheduledExecutorService timer) {}
