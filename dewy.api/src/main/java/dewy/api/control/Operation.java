package dewy.api.control;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that the agent does, or did, and that takes a while, as it was when it was asked for.
 *
 * @param id by which it is found while the agent runs
 * @param what what is done
 * @param app the app that it is done to, unless it is a plugin
 * @param plugin the plugin that it is done to, or the jar of one that comes
 * @param version the version that it is about, where that is known
 * @param actor who wanted it: a user, or {@code dewy} itself
 * @param started when it was asked for, or began by itself
 * @param step what it is doing, or was doing when it ended; {@code wait} until it is its turn
 * @param since when it came to that step
 * @param progress how far the longest part of that is; empty where there is none that tells
 * @param outcome how it ended; empty while it goes on
 */
public record Operation(
        String id,
        What what,
        Optional<String> app,
        Optional<String> plugin,
        Optional<String> version,
        String actor,
        Instant started,
        String step,
        Instant since,
        Optional<Progress> progress,
        Optional<CycleOutcome> outcome) {
    /** What is done. */
    public enum What {
        DEPLOY,
        ROLLBACK,
        UNPIN,
        RETRY,
        RESTART,
        SCALE,
        PAUSE,
        RESUME,
        PLUGIN_INSTALL,
        PLUGIN_UPDATE,
        PLUGIN_ROLLBACK,
        PLUGIN_REMOVE
    }

    /**
     * How far a piece of work is.
     *
     * @param what a short noun, such as {@code download}
     * @param done how much of it is done, in bytes where it is about a file
     * @param total how much there is of it, where that is known
     */
    public record Progress(String what, long done, OptionalLong total) {}

    /** Returns the name of what it is done to. */
    public String on() {
        return app.or(() -> plugin).orElse("");
    }
}
