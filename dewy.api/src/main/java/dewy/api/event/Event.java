package dewy.api.event;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param id unique among all agents
 * @param sequence its place in the agent's order of events, from 1, without gaps
 * @param time when it happened
 * @param app the app it happened to; empty for the agent itself
 * @param deployId the deployment it is part of; empty when there is none
 * @param cause why it was done: {@code poll}, {@code change}, {@code command}, {@code signal}, {@code crash}, {@code start}
 * @param actor who did it: {@code dewy}, or the user behind a command
 * @param type what happened, as a stable dotted name such as {@code artifact.cached}
 * @param level how much it matters
 * @param text the line that the log shows
 * @param data the details by name, in the order in which the log shows them; never a secret
 */
public record Event(
        String id,
        long sequence,
        Instant time,
        String app,
        String deployId,
        String cause,
        String actor,
        String type,
        Level level,
        String text,
        Map<String, String> data) {}
