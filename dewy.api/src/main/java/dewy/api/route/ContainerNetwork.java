package dewy.api.route;

import java.util.Optional;

/**
 * A network of a container engine, in which what serves is reached by its name and at the port within. Immutable.
 *
 * @param name what the engine calls it; it is there before anything is to join it
 * @param alias under which those that serve are to be found as well, and no others; empty where nobody looks for them by it
 */
public record ContainerNetwork(String name, Optional<String> alias) {}
