package dewy.core.app;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Where time, chance and threads come from.
 *
 * @param clock the time of day
 * @param nanoTime a monotonic clock
 * @param random numbers from 0 to 1
 * @param timer runs short tasks when their time has come
 * @param workers runs tasks of any length, each at once: none waits for another
 */
public record Timing(
        InstantSource clock,
        LongSupplier nanoTime,
        DoubleSupplier random,
        ScheduledExecutorService timer,
        Executor workers) {}
