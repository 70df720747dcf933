package dewy.core.cycle;

import java.time.Duration;

/**
 * When a release that was activated is no good after all.
 *
 * @param maxCrashes how often it may crash while it is watched
 * @param time how long it is watched
 */
public record BakeSettings(int maxCrashes, Duration time) {}
