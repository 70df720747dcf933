package dewy.runtime.process;

import dewy.api.runtime.RuntimeStatus;
import java.time.Instant;

/**
 * How an app stands.
 *
 * @param state what it is doing
 * @param since when it entered this state
 * @param detail why, in one line; empty when there is nothing to say
 */
record Standing(RuntimeStatus.State state, Instant since, String detail) {}
