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
import java.util.regex.Pattern;

/**
 * How an app is to be run.
 *
 * @param command its command line
 * @param ports where it listens, in the order of the descriptors it gets; empty for a worker, and for a server behind a proxy
 * @param stdinSocket whether its only socket is its standard input as well
 * @param user whom it runs as, where that is not the user of the agent
 * @param group which group it runs as, where that is not the user's own
 * @param stopTimeout how long it may take to stop before it is killed
 * @param readiness by what it is known to be ready
 * @param readyTimeout how long it may take to become ready, where staying up is not enough
 * @param maxRestarts how often it is restarted in a row when it crashes
 * @param logSize the size in bytes from which the file with its output is rotated
 * @param portVariable by which variable it is told its port behind a proxy
 * @param drainTime how long what is on its way to it by a proxy may take before it is told to stop; 0 without one
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
        long logSize,
        String portVariable,
        Duration drainTime) {
    static final long LEAST_LOG_SIZE = 64L << 10;

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READY_TIME = Duration.ofSeconds(1);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration DRAIN_TIME = Duration.ofSeconds(30);
    private static final String PORT_VARIABLE = "PORT";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
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
        ProcessSettings settings =
                read(parameters, app.arguments(), app.router().isPresent());
        parameters.finish();
        if (app.router().isPresent()) {
            RoutedTraffic.requireNoTarget(app.router().get());
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

    private static ProcessSettings read(Parameters parameters, List<String> command, boolean isProxied) {
        // Behind a proxy it is the proxy that listens there.
        List<ListeningAddress> named = ports(parameters);
        List<ListeningAddress> ports = isProxied ? List.of() : named;
        boolean stdinSocket = parameters.flag("stdin-socket", false);
        if (stdinSocket && isProxied) {
            parameters.complain("stdin-socket", "stdin-socket is not for a server behind a proxy, which inherits none");
        } else if (stdinSocket && ports.size() != 1) {
            parameters.complain("stdin-socket", "stdin-socket needs exactly one port, not " + ports.size());
        }
        return new ProcessSettings(
                command,
                ports,
                stdinSocket,
                account(parameters, "user"),
                account(parameters, "group"),
                duration(parameters, "stop-timeout", STOP_TIMEOUT),
                readiness(parameters, isProxied),
                duration(parameters, "ready-timeout", READY_TIMEOUT),
                (int) parameters.number("max-restarts", 0, MOST_RESTARTS, MAX_RESTARTS),
                logSize(parameters),
                portVariable(parameters, isProxied),
                drainTime(parameters, isProxied));
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

    private static String portVariable(Parameters parameters, boolean isProxied) {
        Optional<String> name = parameters.text("port-env");
        if (name.isPresent() && !VARIABLE.matcher(name.get()).matches()) {
            parameters.complain("port-env", "port-env=" + name.get() + " is not the name of a variable");
        } else if (name.isPresent() && !isProxied) {
            parameters.complain("port-env", "port-env is for a server behind a proxy: without one it inherits sockets");
        }
        return name.orElse(PORT_VARIABLE);
    }

    private static Duration drainTime(Parameters parameters, boolean isProxied) {
        Duration drainTime = duration(parameters, "drain-time", isProxied ? DRAIN_TIME : Duration.ZERO);
        if (!isProxied && !drainTime.isZero()) {
            parameters.complain("drain-time", "drain-time is for a server behind a proxy; stop-timeout is for all");
        }
        return drainTime;
    }

    private static Readiness readiness(Parameters parameters, boolean isProxied) {
        Duration upTime = duration(parameters, "ready-time", READY_TIME);
        String text = parameters.text("ready").orElse("alive");
        try {
            Readiness readiness = Readiness.parse(text, upTime);
            if (!isProxied && readiness.needsPort()) {
                parameters.complain("ready", "ready=" + text + ": only a server behind a proxy has a port of its own");
            }
            return readiness;
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
