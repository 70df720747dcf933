package dewy.runtime.docker;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.runtime.docker.options.ContainerTemplate;
import dewy.runtime.docker.options.RunOptions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How an app is to be run.
 *
 * @param replicas how many containers serve
 * @param containerPort where the app listens inside its container; else at the only port that its image exposes
 * @param command what runs in place of the command of the image; empty for that
 * @param template what its containers are like, by the options of {@code docker run}
 * @param readiness by what a container is known to be ready
 * @param drainTime how long what is in flight to a container may take before it is told to stop
 * @param stopTimeout how long a container may take to stop before it is killed
 * @param maxSurge how many containers more than the replicas there may be during an update
 * @param maxUnavailable how many replicas may be missing during an update
 * @param maxRestarts how often in a row crashed replicas are started again
 */
record DockerSettings(
        int replicas,
        OptionalInt containerPort,
        List<String> command,
        ContainerTemplate template,
        Readiness.Settings readiness,
        Duration drainTime,
        Duration stopTimeout,
        int maxSurge,
        int maxUnavailable,
        int maxRestarts) {
    private static final int MOST_REPLICAS = 100;
    private static final int MOST_PORT = 65_535;
    private static final int MOST_ATTEMPTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration TIME = Duration.ofSeconds(30);

    /**
     * Reads the settings.
     *
     * @throws InvalidException if a parameter, or an option of {@code docker run}, is unknown or malformed
     */
    static DockerSettings parse(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        if (!url.authority().isEmpty() || !url.path().isEmpty()) {
            parameters.complain("nothing may stand between \"" + url.scheme() + ":\" and \"?\"");
        }
        int replicas = (int) parameters.number("replicas", 1, MOST_REPLICAS, 1);
        int port = (int) parameters.number("container-port", 1, MOST_PORT, 0);
        int listeners = app.router().map(router -> router.listeners().size()).orElse(0);
        if (port > 0 && listeners > 1) {
            parameters.complain(
                    "container-port",
                    "container-port is for one port: name it behind each, as in --port 80:8080,81:8081");
        }
        if (app.router().isEmpty() && !parameters.texts("port").isEmpty()) {
            parameters.complain(
                    "port",
                    "port is for an app behind a proxy: two generations of containers cannot have the same port of this host");
        }
        int maxSurge = (int) parameters.number("max-surge", 0, MOST_REPLICAS, replicas);
        int maxUnavailable = (int) parameters.number("max-unavailable", 0, MOST_REPLICAS, 0);
        if (maxSurge == 0 && maxUnavailable == 0) {
            parameters.complain(
                    "max-surge", "with max-surge=0 and max-unavailable=0 no container could ever be exchanged");
        }
        List<String> command = parameters.texts("cmd");
        Readiness.Settings readiness = Readiness.Settings.parse(parameters);
        Duration drainTime = duration(parameters, "drain-time");
        Duration stopTimeout = duration(parameters, "stop-timeout");
        int maxRestarts = (int) parameters.number("max-restarts", 0, MOST_ATTEMPTS, 10);
        parameters.finish();
        ContainerTemplate template = RunOptions.parse(app.arguments());
        boolean overlaps = replicas > 1 || maxSurge > 0;
        template.requireRoomFor(overlaps);
        return new DockerSettings(
                replicas,
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                command,
                template,
                readiness,
                drainTime,
                template.stopTimeout().orElse(stopTimeout),
                maxSurge,
                maxUnavailable,
                maxRestarts);
    }

    private static Duration duration(Parameters parameters, String name) {
        Duration duration = parameters.duration(name, TIME);
        if (duration.compareTo(LONGEST) > 0) {
            parameters.complain(name, name + " is longer than a day");
        }
        return duration;
    }
}
