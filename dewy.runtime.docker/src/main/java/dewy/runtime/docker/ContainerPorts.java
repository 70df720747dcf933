package dewy.runtime.docker;

import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ExposedPort;
import dewy.api.ApplicationException;
import dewy.api.Problem;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.engine.Container;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where an app listens inside its container.
 *
 * @param all the ports that are published
 * @param main the one that is meant where a listener names none
 */
record ContainerPorts(List<Integer> all, Optional<Integer> main) {
    /** The label with the main port. */
    static final String MAIN = "dewy.port";

    /** The label with the network in which its proxy is as well, so that nothing is published. */
    static final String NETWORK = "dewy.network";

    /** The label with all ports, where nothing is published. */
    private static final String ALL = "dewy.ports";

    private static final String ADVICE = "Name it with --container-port, or behind the port, as in --port 80:8080";

    /**
     * Returns the ports of an app.
     *
     * @param image its image, as the engine tells of it
     * @param named the port that its user named
     * @throws ApplicationException if it cannot be known which one is meant
     */
    static ContainerPorts of(String name, Optional<ContainerConfig> image, OptionalInt named, Optional<Router> router)
            throws ApplicationException {
        List<Integer> exposed = exposed(image);
        List<Listener> listeners = router.map(Router::listeners).orElse(List.of());
        Optional<Integer> main = named.isPresent()
                ? Optional.of(named.getAsInt())
                : exposed.size() == 1 ? Optional.of(exposed.get(0)) : Optional.empty();
        boolean isNeeded =
                listeners.stream().anyMatch(listener -> listener.target().isEmpty());
        if (isNeeded && main.isEmpty()) {
            String why = exposed.isEmpty() ? "the image exposes no port" : "the image exposes the ports " + exposed;
            throw new ApplicationException(new Problem("find the port of", name, why, ADVICE));
        }
        TreeSet<Integer> all = new TreeSet<>();
        listeners.forEach(listener -> listener.target().ifPresent(all::add));
        if (isNeeded || listeners.isEmpty()) {
            main.ifPresent(all::add);
        }
        return new ContainerPorts(List.copyOf(all), main);
    }

    /**
     * Where the ports of a container are reached.
     *
     * @param name by its proxy
     * @param address by this host
     * @param ports where they are there, by the port inside; empty unless it runs
     */
    record Reach(String name, String address, Map<Integer, Integer> ports) {
        private static final String LOOPBACK = "127.0.0.1";

        static Reach of(Container container) {
            Optional<String> network = Optional.ofNullable(container.labels().get(NETWORK));
            if (network.isEmpty()) {
                return new Reach(LOOPBACK, LOOPBACK, container.ports());
            }
            Optional<Container.Place> place =
                    Optional.ofNullable(container.networks().get(network.get()));
            Map<Integer, Integer> ports = new TreeMap<>();
            for (String port : container.labels().getOrDefault(ALL, "").split(" ", -1)) {
                if (place.isPresent() && port.matches("\\d{1,5}")) {
                    ports.put(Integer.valueOf(port), Integer.valueOf(port));
                }
            }
            return new Reach(
                    container.name(), place.map(Container.Place::address).orElse(""), ports);
        }
    }

    /** Returns the labels by which a container is known to be in a network, and what it listens at there. */
    Map<String, String> labels(ContainerNetwork network) {
        String ports = all.stream().map(String::valueOf).collect(Collectors.joining(" "));
        return Map.of(NETWORK, network.name(), ALL, ports);
    }

    /** Returns the main port of a container, as it was when that was created. */
    static Optional<Integer> main(Container container) {
        return Optional.ofNullable(container.labels().get(MAIN))
                .filter(port -> port.matches("\\d{1,5}"))
                .map(Integer::valueOf);
    }

    private static List<Integer> exposed(Optional<ContainerConfig> image) {
        return image.map(ContainerConfig::getExposedPorts).stream()
                .flatMap(Arrays::stream)
                .filter(port -> "tcp".equals(port.getProtocol().toString()))
                .map(ExposedPort::getPort)
                .sorted()
                .toList();
    }
}
