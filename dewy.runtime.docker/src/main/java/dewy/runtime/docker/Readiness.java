package dewy.runtime.docker;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.event.EventSink;
import dewy.api.event.Level;
import dewy.api.plugin.Parameters;
import dewy.engine.Container;
import dewy.engine.Container.Health.Status;
import dewy.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Waits until a container is ready: it runs, the check of its image, where it has one, finds it healthy, and its ports answer.
 *
 * @param masking takes secrets out of what a container wrote
 * @param events where it is told what a container answers that is not ready
 */
record Readiness(Engine engine, Settings settings, UnaryOperator<String> masking, EventSink events) {
    private static final int LAST_LINES = 10;

    /**
     * By what a container is known to be ready.
     *
     * @param path what is asked for over HTTP; without it, a port is ready that holds a connection open
     * @param timeout within what time it has to become ready
     * @param interval how long to wait between two probes
     * @param probeTimeout how long a probe may take
     * @param attempts after how many probes it is given up; 0 for as many as there is time for
     */
    record Settings(Optional<String> path, Duration timeout, Duration interval, Duration probeTimeout, int attempts) {
        private static final Duration LEAST_INTERVAL = Duration.ofMillis(10);

        static Settings parse(Parameters parameters) {
            Optional<String> path = parameters.text("health-path");
            if (path.isPresent() && !path.get().matches("/\\S*")) {
                parameters.complain("health-path", "health-path=" + path.get() + " does not begin with a slash");
            }
            Duration interval = parameters.duration("probe-interval", Duration.ofMillis(500));
            if (interval.compareTo(LEAST_INTERVAL) < 0) {
                parameters.complain("probe-interval", "probe-interval is shorter than 10ms");
            }
            return new Settings(
                    path,
                    parameters.duration("health-timeout", Duration.ofSeconds(30)),
                    interval,
                    parameters.duration("probe-timeout", Duration.ofSeconds(2)),
                    (int) parameters.number("probe-attempts", 0, 1_000_000, 0));
        }
    }

    /**
     * Returns once a container is ready.
     *
     * @throws ApplicationException if it does not become so, with what it wrote last
     */
    void await(Call call, String name) throws DewyException {
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        String told = "";
        for (int attempt = 1; ; attempt++) {
            Container container = engine.inspect(call, name);
            requireHope(call, container);
            Optional<String> missing = missing(call, container);
            if (missing.isEmpty()) {
                return;
            }
            if (!missing.get().equals(told)) {
                told = missing.get();
                events.publish(
                        Level.DEBUG,
                        "container.not_ready",
                        "Container not ready yet",
                        Map.of("container", name, "answer", masking.apply(told)));
            }
            if (attempt == settings.attempts()) {
                throw failure(call, container, missing.get() + " after " + attempt + " probes");
            }
            if (System.nanoTime() > deadline) {
                throw failure(call, container, missing.get() + " after " + seconds(settings.timeout()));
            }
            call.pause(settings.interval());
        }
    }

    /** What has ended, or was found unhealthy, does not become ready. */
    private void requireHope(Call call, Container container) throws DewyException {
        if (!container.isRunning() && !container.state().detail().isEmpty()) {
            throw failure(call, container, container.state().detail());
        }
        if (container.health().status() == Status.UNHEALTHY) {
            throw failure(
                    call,
                    container,
                    "its health check failed: " + container.health().detail());
        }
    }

    /** Returns what keeps it from being ready. */
    private Optional<String> missing(Call call, Container container) throws DewyException {
        if (!container.isRunning()) {
            return Optional.of("it does not run");
        }
        if (container.health().status() == Status.STARTING) {
            return Optional.of("its health check has not passed");
        }
        ContainerPorts.Reach reach = ContainerPorts.Reach.of(container);
        Optional<Integer> main = ContainerPorts.main(container);
        for (var port : reach.ports().entrySet()) {
            Optional<String> path =
                    settings.path().filter(it -> main.isEmpty() || main.get().equals(port.getKey()));
            Optional<String> why = new Probe(reach.address(), port.getValue(), path, settings.probeTimeout()).ask(call);
            if (why.isPresent() && !isBeyondReach(container, why.get())) {
                return Optional.of("its port " + port.getKey() + " " + why.get() + hint(container, why.get()));
            }
        }
        return Optional.empty();
    }

    /** Not every host gets into the networks of its engine; then the check of the image has to do. */
    private static boolean isBeyondReach(Container container, String why) {
        return isSilent(container, why) && container.health().status() == Status.HEALTHY;
    }

    private static String hint(Container container, String why) {
        return isSilent(container, why)
                ? " from this host, where a network of an engine in a virtual machine or without root is not reached: there,"
                        + " an image with a HEALTHCHECK is needed, or --proxy builtin"
                : "";
    }

    private static boolean isSilent(Container container, String why) {
        boolean isPublished = !container.labels().containsKey(ContainerPorts.NETWORK);
        return !isPublished && (why.startsWith("does not answer") || why.startsWith("cannot be reached"));
    }

    private ApplicationException failure(Call call, Container container, String why) throws DewyException {
        List<String> lines = lastLines(call, container.name());
        String wrote = lines.isEmpty() ? "" : "; it wrote: " + String.join(" | ", lines);
        // Without its name, which is another one with each try: the same failure is told in the same words.
        return new ApplicationException(Problem.of(
                "start a container of",
                container.image(),
                masking.apply(why + wrote),
                "See what it wrote, or give it more time with --health-timeout"));
    }

    /** Not every log driver can be read. */
    List<String> lastLines(Call call, String name) throws DewyException {
        try {
            return engine.lastLines(call, name, LAST_LINES);
        } catch (DewyException e) {
            call.check();
            return List.of();
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
