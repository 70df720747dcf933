package dewy.runtime.docker;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Router;
import dewy.replicas.ReplicaSettings;
import dewy.runtime.docker.options.ContainerTemplate;
import dewy.runtime.docker.options.RunOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an app is to be run.
 *
 * @param replicas how many containers there are, and how they are exchanged
 * @param containerPort where the app listens inside its container; else at the only port that its image exposes
 * @param command what runs in place of the command of the image; empty for that
 * @param template what its containers are like, by the options of {@code docker run}
 * @param logSize the size in bytes at which the file with what they write is rotated
 * @param readiness by what a container is known to be ready
 * @param network in which it is to be found, where no proxy says so
 */
record DockerSettings(
        ReplicaSettings replicas,
        OptionalInt containerPort,
        List<String> command,
        ContainerTemplate template,
        long logSize,
        Readiness.Settings readiness,
        Optional<ContainerNetwork> network) {
    private static final String NAME = "[a-zA-Z0-9][a-zA-Z0-9_.-]*";
    private static final int MOST_PORT = 65_535;
    private static final long USUAL_LOG = 64L << 20;
    private static final long LEAST_LOG = 64L << 10;

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
        ReplicaSettings replicas = ReplicaSettings.parse(parameters);
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
        List<String> command = parameters.texts("cmd");
        Readiness.Settings readiness = Readiness.Settings.parse(parameters);
        Optional<ContainerNetwork> network = network(parameters);
        long logSize = parameters.bytes("log-size", USUAL_LOG);
        if (logSize < LEAST_LOG) {
            parameters.complain("log-size", "log-size=" + logSize + " is less than 64KB");
        }
        parameters.finish();
        ContainerTemplate template = RunOptions.parse(app.arguments());
        template.requireRoomFor(replicas.overlaps());
        return new DockerSettings(
                template.stopTimeout().map(replicas::withStopTimeout).orElse(replicas),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                command,
                template,
                logSize,
                readiness,
                network);
    }

    /** Returns the network of an app: that of its proxy, where it has one. */
    Optional<ContainerNetwork> networkOf(AppContext app) {
        return app.router().isPresent() ? app.router().flatMap(Router::network) : network;
    }

    private static Optional<ContainerNetwork> network(Parameters parameters) {
        Optional<String> name = parameters.text("network");
        Optional<String> alias = parameters.text("network-alias");
        if (name.filter(text -> !text.matches(NAME)).isPresent()) {
            parameters.complain("network", "network=" + name.get() + " is not the name of a network");
        }
        if (alias.filter(text -> !text.matches(NAME)).isPresent()) {
            parameters.complain("network-alias", "network-alias=" + alias.get() + " is not the name of a host");
        }
        if (alias.isPresent() && name.isEmpty()) {
            parameters.complain("network-alias", "network-alias is for an app with a network");
        }
        return name.map(text -> new ContainerNetwork(text, alias));
    }
}
