package dewy.tck.memory;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.time.Duration;

/**
 * What the URL of a runtime says.
 *
 * @param replicas how many containers serve
 * @param batch how many are exchanged at once; all of them unless it is given
 * @param readyTimeout within what time a container has to become ready
 * @param drainTime how long what is in flight to a container may take before it is told to stop
 * @param stopTimeout how long a container may take to stop
 * @param maxRestarts after how many crashes since the activation nothing is started again
 */
record RuntimeSettings(
        int replicas, int batch, Duration readyTimeout, Duration drainTime, Duration stopTimeout, int maxRestarts) {
    private static final int MOST_REPLICAS = 100;
    private static final int MOST_RESTARTS = 1_000;

    static RuntimeSettings parse(PluginUrl url) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        int replicas = (int) parameters.number("replicas", 1, MOST_REPLICAS, 1);
        RuntimeSettings settings = new RuntimeSettings(
                replicas,
                (int) parameters.number("batch", 1, MOST_REPLICAS, replicas),
                parameters.duration("ready-timeout", Duration.ofSeconds(30)),
                parameters.duration("drain-time", Duration.ofSeconds(30)),
                parameters.duration("stop-timeout", Duration.ofSeconds(30)),
                (int) parameters.number("max-restarts", 0, MOST_RESTARTS, 10));
        parameters.finish();
        return settings;
    }
}
