package dewy.runtime.process;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.runtime.process.ready.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How an app is to be run.
 *
 * @param command its command line
 * @param ports where it listens, in the order of the descriptors it gets; empty for a worker
 * @param stdinSocket whether its only socket is its standard input as well
 * @param user whom it runs as, where that is not the user of the agent
 * @param group which group it runs as, where that is not the user's own
 * @param stopTimeout how long it may take to stop before it is killed
 * @param readiness by what it is known to be ready
 * @param readyTimeout how long it may take to become ready, where staying up is not enough
 * @param maxRestarts how often it is restarted in a row when it crashes
 * @param logSize the size in bytes from which the file with its output is rotated
 */
record ProcessSettings(
        List<String> command,
        List<ListeningAddress> ports,
        boolean stdinSocket,
        Optional<String> user,
        Optional<String> group,
        Duration stopTimeout,
        Readiness readiness,
        Duration readyTimeout,
        int maxRestarts,
        long logSize) {
    static final long LEAST_LOG_SIZE = 64L << 10;

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READY_TIME = Duration.ofSeconds(1);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_RESTARTS = 5;
    private static final int MOST_RESTARTS = 1_000_000;
    private static final long LOG_SIZE = 64L << 20;

    ProcessSettings {
        command = List.copyOf(command);
        ports = List.copyOf(ports);
    }

    /**
     * Reads the settings.
     *
     * @throws InvalidException if a parameter is unknown or malformed, or the app has no command
     */
    static ProcessSettings parse(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        if (!url.authority().isEmpty() || !url.path().isEmpty()) {
            parameters.complain("nothing may stand between \"process:\" and \"?\"");
        }
        ProcessSettings settings = read(parameters, app.arguments());
        parameters.finish();
        if (app.router().isPresent()) {
            throw new InvalidException(
                    new Problem(
                            "run the app behind a proxy",
                            app.name(),
                            "servers that run as processes inherit their sockets, which lead to them without a proxy",
                            "Leave out --proxy"),
                    List.of("proxy"));
        }
        if (app.arguments().isEmpty()) {
            throw new InvalidException(
                    new Problem(
                            "run the app",
                            app.name(),
                            "there is no command to start",
                            "Give it behind --, as in -- current/app, and in a file as the list run"),
                    List.of("run"));
        }
        return settings;
    }

    private static ProcessSettings read(Parameters parameters, List<String> command) {
        List<ListeningAddress> ports = ports(parameters);
        boolean stdinSocket = parameters.flag("stdin-socket", false);
        if (stdinSocket && ports.size() != 1) {
            parameters.complain("stdin-socket", "stdin-socket needs exactly one port, not " + ports.size());
        }
        return new ProcessSettings(
                command,
                ports,
                stdinSocket,
                account(parameters, "user"),
                account(parameters, "group"),
                duration(parameters, "stop-timeout", STOP_TIMEOUT),
                readiness(parameters),
                duration(parameters, "ready-timeout", READY_TIMEOUT),
                (int) parameters.number("max-restarts", 0, MOST_RESTARTS, MAX_RESTARTS),
                logSize(parameters));
    }

    private static List<ListeningAddress> ports(Parameters parameters) {
        List<ListeningAddress> ports = new ArrayList<>();
        for (String text : parameters.texts("port")) {
            try {
                ports.addAll(ListeningAddress.parseList(text));
            } catch (InvalidException e) {
                parameters.complain("port", "port=" + text + ": " + e.problem().why());
            }
        }
        Set<ListeningAddress> seen = new HashSet<>();
        for (ListeningAddress port : ports) {
            // SO_REUSEPORT would let the second one through, and share the connections out among the two.
            boolean anyFreePort = port.port() == 0 && !port.isUnix();
            if (!anyFreePort && !seen.add(port)) {
                parameters.complain("port", "port " + port + " is named twice");
            }
        }
        return ports;
    }

    private static Readiness readiness(Parameters parameters) {
        Duration upTime = duration(parameters, "ready-time", READY_TIME);
        String text = parameters.text("ready").orElse("alive");
        try {
            return Readiness.parse(text, upTime);
        } catch (InvalidException e) {
            parameters.complain("ready", "ready=" + text + ": " + e.problem().why());
            return Readiness.alive(upTime);
        }
    }

    private static Optional<String> account(Parameters parameters, String name) {
        Optional<String> account = parameters.text(name);
        if (account.isPresent() && account.get().isBlank()) {
            parameters.complain(name, name + " is empty");
        }
        return account;
    }

    private static Duration duration(Parameters parameters, String name, Duration otherwise) {
        Duration duration = parameters.duration(name, otherwise);
        if (duration.compareTo(LONGEST) > 0) {
            parameters.complain(name, name + " is longer than a day");
        }
        return duration;
    }

    private static long logSize(Parameters parameters) {
        long size = parameters.bytes("log-size", LOG_SIZE);
        if (size < LEAST_LOG_SIZE) {
            parameters.complain("log-size", "log-size=" + size + " is less than 64KB");
        }
        return size;
    }
}
