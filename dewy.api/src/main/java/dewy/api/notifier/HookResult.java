package dewy.api.notifier;

import java.util.OptionalInt;

/**
 * How a hook ended.
 *
 * @param hook {@code before} or {@code after} the deployment
 * @param command what was run
 * @param exitCode its exit code; empty when it could not be started, or had to be ended
 * @param stdout the end of what it wrote to its standard output
 * @param stderr the end of what it wrote to its standard error
 * @param duration how long it took, for people, such as {@code 1.2s}; empty when it could not be started
 * @param error why it failed; empty when it did not
 */
public record HookResult(
        String hook,
        String command,
        OptionalInt exitCode,
        String stdout,
        String stderr,
        String duration,
        String error) {}
