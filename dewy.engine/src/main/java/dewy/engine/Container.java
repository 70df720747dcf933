package dewy.engine;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.NetworkSettings;
import com.github.dockerjava.api.model.Ports;
import dewy.api.runtime.ReplicaStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A container as the engine tells of it at one moment.
 *
 * @param name by which it is known; never used again
 * @param id by which the engine knows it
 * @param image what it was created from, by digest
 * @param labels what whoever created it says of it
 * @param state what it is doing
 * @param health what the check of its image says
 * @param run how often it was run
 * @param ports where its TCP ports are published on this host, by the port inside; empty unless it runs
 * @param networks where it is in the networks that it is in, by their names; empty unless it runs
 */
public record Container(
        String name,
        String id,
        String image,
        Map<String, String> labels,
        State state,
        Health health,
        Run run,
        Map<Integer, Integer> ports,
        Map<String, Place> networks) {
    /**
     * What a container is doing.
     *
     * @param running whether its processes run
     * @param detail how it ended, for people; empty while it runs
     */
    public record State(boolean running, String detail) {}

    /**
     * What the check of the image says. After a restart of the engine it is starting again, whatever it was before.
     *
     * @param status how it is
     * @param detail what the check wrote last, one line
     */
    public record Health(Status status, String detail) {
        /** How it is. */
        public enum Status {
            /** The image has no check. */
            UNCHECKED,
            STARTING,
            HEALTHY,
            UNHEALTHY
        }
    }

    /**
     * Where a container is in a network.
     *
     * @param address its address there
     * @param aliases what it is called there beside its name
     */
    public record Place(String address, List<String> aliases) {
        public Place {
            aliases = List.copyOf(aliases);
        }
    }

    /**
     * How often it was run.
     *
     * @param started when it was started last; empty when it never was
     * @param restarts how often the engine started it again by itself
     * @param ending how it ended; empty while it runs, and before it was started first
     */
    public record Run(Optional<Instant> started, int restarts, Optional<ReplicaStatus.Ending> ending) {}

    public Container {
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
        networks = Map.copyOf(networks);
    }

    public boolean isRunning() {
        return state.running();
    }

    static Container of(InspectContainerResponse told) {
        Optional<ContainerConfig> config = Optional.ofNullable(told.getConfig());
        return new Container(
                told.getName().replaceFirst("^/", ""),
                told.getId(),
                config.map(ContainerConfig::getImage).orElse(""),
                config.map(ContainerConfig::getLabels).orElse(Map.of()),
                state(told.getState()),
                health(Optional.ofNullable(told.getState().getHealth())),
                new Run(
                        time(told.getState().getStartedAt()),
                        Optional.ofNullable(told.getRestartCount()).orElse(0),
                        ending(told.getState())),
                isInHostNetwork(told) ? exposed(config) : ports(Optional.ofNullable(told.getNetworkSettings())),
                networks(Optional.ofNullable(told.getNetworkSettings())));
    }

    private static State state(InspectContainerResponse.ContainerState told) {
        boolean running = Boolean.TRUE.equals(told.getRunning());
        if (running || "created".equals(told.getStatus())) {
            return new State(running, "");
        }
        String killed = Boolean.TRUE.equals(told.getOOMKilled()) ? ", since it was out of memory" : "";
        String error = Optional.ofNullable(told.getError())
                .filter(text -> !text.isEmpty())
                .map(text -> ": " + text)
                .orElse("");
        return new State(false, "it ended with the exit code " + told.getExitCodeLong() + killed + error);
    }

    private static Optional<ReplicaStatus.Ending> ending(InspectContainerResponse.ContainerState told) {
        return "exited".equals(told.getStatus()) || "dead".equals(told.getStatus())
                ? Optional.ofNullable(told.getExitCodeLong())
                        .map(code -> new ReplicaStatus.Ending(code, Boolean.TRUE.equals(told.getOOMKilled())))
                : Optional.empty();
    }

    /** One that was never started has a time of the year 1. */
    private static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(told -> OffsetDateTime.parse(told).toInstant())
                    .filter(time -> time.isAfter(Instant.EPOCH));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Health health(Optional<HealthState> told) {
        String status = told.map(HealthState::getStatus).orElse("").toUpperCase(Locale.ROOT);
        String detail = told.map(HealthState::getLog)
                .filter(log -> !log.isEmpty())
                .flatMap(log -> Optional.ofNullable(log.get(log.size() - 1).getOutput()))
                .map(output -> output.strip().replaceAll("\\s+", " "))
                .orElse("");
        for (Health.Status one : Health.Status.values()) {
            if (one.name().equals(status)) {
                return new Health(one, detail);
            }
        }
        return new Health(Health.Status.UNCHECKED, "");
    }

    private static boolean isInHostNetwork(InspectContainerResponse told) {
        return told.getHostConfig() != null
                && "host".equals(told.getHostConfig().getNetworkMode());
    }

    /** Nothing is published there: what it listens at is what clients connect to. */
    private static Map<Integer, Integer> exposed(Optional<ContainerConfig> config) {
        Map<Integer, Integer> ports = new TreeMap<>();
        for (ExposedPort port : config.map(ContainerConfig::getExposedPorts).orElse(new ExposedPort[0])) {
            ports.put(port.getPort(), port.getPort());
        }
        return ports;
    }

    private static Map<String, Place> networks(Optional<NetworkSettings> told) {
        Map<String, Place> networks = new TreeMap<>();
        told.map(NetworkSettings::getNetworks).orElse(Map.of()).forEach((network, place) -> {
            if (place.getIpAddress() != null && !place.getIpAddress().isEmpty()) {
                List<String> aliases = Optional.ofNullable(place.getAliases()).orElse(List.of());
                networks.put(network, new Place(place.getIpAddress(), aliases));
            }
        });
        return networks;
    }

    private static Map<Integer, Integer> ports(Optional<NetworkSettings> told) {
        Map<Integer, Integer> ports = new TreeMap<>();
        told.map(NetworkSettings::getPorts)
                .map(Ports::getBindings)
                .orElse(Map.of())
                .forEach((exposed, bindings) -> {
                    List<Ports.Binding> all = bindings == null ? List.of() : List.of(bindings);
                    all.stream()
                            .map(Ports.Binding::getHostPortSpec)
                            .filter(port -> port != null
                                    && port.matches("\\d+")
                                    && "tcp".equals(exposed.getProtocol().toString()))
                            .forEach(port -> ports.putIfAbsent(exposed.getPort(), Integer.parseInt(port)));
                });
        return ports;
    }
}
