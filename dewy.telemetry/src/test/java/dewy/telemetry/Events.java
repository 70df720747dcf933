package dewy.telemetry;

import dewy.api.event.Event;
import dewy.api.event.Level;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events as an agent tells them. */
final class Events {
    static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    static final String DEPLOY_ID = "0af76519-16cd-43dd-8448-eb211c80319c";

    private Events() {}

    /** Returns one of the app {@code shop}, with details as names and values in turn. */
    static Event of(String type, String... details) {
        return of("shop", NOON, "", "dewy", type, details);
    }

    /** Returns one of its deployment, so many milliseconds after noon. */
    static Event during(long millis, String type, String... details) {
        return of("shop", NOON.plusMillis(millis), DEPLOY_ID, "dewy", type, details);
    }

    static Event of(String app, Instant time, String deployId, String actor, String type, String... details) {
        Map<String, String> data = new LinkedHashMap<>();
        for (int i = 0; i < details.length; i += 2) {
            data.put(details[i], details[i + 1]);
        }
        Level level = type.endsWith("failed") ? Level.ERROR : Level.INFO;
        return new Event("1", 1, time, app, deployId, "poll", actor, type, level, type, data);
    }
}
