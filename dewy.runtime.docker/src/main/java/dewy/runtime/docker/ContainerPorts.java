package dewy.runtime.docker;

import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ExposedPort;
import dewy.api.ApplicationException;
import dewy.api.Problem;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.engine.Container;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Where an app listens inside its container.
 *
 * @param all the ports that are published
 * @param main the one that is meant where a listener names none
 */
record ContainerPorts(List<Integer> all, Optional<Integer> main) {
    /** The label with the main port. */
    static final String MAIN = "dewy.port";

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
