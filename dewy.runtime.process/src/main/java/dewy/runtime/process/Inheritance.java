package dewy.runtime.process;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.runtime.RuntimeStatus;
import dewy.runtime.process.Ports.Port;
import dewy.runtime.process.Supervision.Standing;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one instance leaves to the next, and one agent to the next, and how it is written. Format 2: the sockets are the
 * resources {@code socket.0}, {@code socket.1}, …, the serving generation is {@code generation.<number>}, one that is not
 * ready yet {@code starting.<number>}, those about to be told to stop {@code replaced.<number>}, those on their way out
 * {@code draining.<number>}; the data say the rest, {@code port.<number>} the port of one behind a proxy. What a killed agent leaves lacks those of the resources that are gone.
 * Format 1 knew neither {@code starting} nor {@code replaced}, and counted no crashes.
 *
 * @param supervision what is known about the generations
 * @param ports the open sockets
 * @param outputPosition up to where the output was told to the log, if it was
 */
record Inheritance(Supervision supervision, List<Port> ports, OptionalLong outputPosition) {
    static final int FORMAT = 2;

    private static final int OLDEST_FORMAT = 1;

    private static final String PORT = "port.";
    private static final String SOCKET = "socket.";
    private static final String LOST =
            "its sockets could not be had from the server that survived, which is being replaced";
    private static final String OTHERWISE =
            "it gets its traffic in another way than the server that survived, which is being replaced";
    private static final String STARTING = "starting.";
    private static final String GENERATION = "generation.";
    private static final String REPLACED = "replaced.";
    private static final String DRAINING = "draining.";

    Inheritance {
        ports = List.copyOf(ports);
    }

    /** Returns whether a format can be read. */
    static boolean knows(int format) {
        return format >= OLDEST_FORMAT && format <= FORMAT;
    }

    HandoverState toState() {
        Map<String, String> data = new LinkedHashMap<>();
        Standing standing = supervision.standing();
        data.put("state", standing.state().name());
        data.put("since", standing.since().toString());
        data.put("detail", standing.detail());
        data.put("newest", Long.toString(supervision.newest()));
        data.put("served", Long.toString(supervision.served()));
        data.put("restarts", Integer.toString(supervision.restarts()));
        data.put("crashes", Integer.toString(supervision.crashes()));
        supervision.all().forEach(one -> one.port()
                .ifPresent(port -> data.put(PORT + one.number(), Integer.toString(port))));
        outputPosition.ifPresent(position -> data.put("output", Long.toString(position)));
        supervision.activation().ifPresent(activation -> ActivationData.write(activation, data));
        for (int i = 0; i < ports.size(); i++) {
            write(SOCKET + i, ports.get(i), data);
        }
        return new HandoverState(FORMAT, data, resources());
    }

    /** Returns the same with another position in the output. */
    Inheritance withOutput(OptionalLong position) {
        return new Inheritance(supervision, ports, position);
    }

    /** Returns the same, where what serves cannot be reached in the way in which the app gets its traffic now, to be replaced. */
    Inheritance fittingTo(boolean isProxied) {
        boolean fits = supervision.serving().stream()
                .allMatch(serving -> serving.port().isPresent() == isProxied);
        return fits ? this : new Inheritance(supervision.cutOff(OTHERWISE), ports, outputPosition);
    }

    private Map<String, Inheritable> resources() {
        Map<String, Inheritable> resources = new LinkedHashMap<>();
        for (int i = 0; i < ports.size(); i++) {
            resources.put(SOCKET + i, ports.get(i).socket());
        }
        supervision.starting().ifPresent(starting -> write(STARTING, starting, resources));
        supervision.serving().ifPresent(serving -> write(GENERATION, serving, resources));
        supervision.replaced().forEach(replaced -> write(REPLACED, replaced, resources));
        supervision.draining().forEach(draining -> write(DRAINING, draining, resources));
        return resources;
    }

    /** A substitute that the serving generation has is told from one that a later agent makes. */
    private void write(String name, Port port, Map<String, String> data) {
        data.put(name + ".host", port.wanted().host());
        data.put(name + ".port", Integer.toString(port.wanted().port()));
        if (port.socket().isSubstitute() && !supervision.isCutOff()) {
            data.put(name + ".served", port.socket().reference());
        }
    }

    /**
     * Reads what a predecessor left.
     *
     * @throws InvalidException if it is written in another format, or incomplete
     */
    static Inheritance of(HandoverState state) throws InvalidException {
        if (!knows(state.format())) {
            throw invalid("it has format " + state.format() + ", and only those up to " + FORMAT + " are known");
        }
        Map<String, String> data = state.data();
        try {
            OptionalLong output = data.containsKey("output")
                    ? OptionalLong.of(Long.parseLong(text(data, "output")))
                    : OptionalLong.empty();
            Supervision supervision = supervision(state);
            boolean cutOff = supervision.serving().isPresent() && hasUnservedSubstitute(state);
            return new Inheritance(cutOff ? supervision.cutOff(LOST) : supervision, ports(state), output);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidException(problem("its data are malformed: " + e.getMessage()), e);
        }
    }

    private static Supervision supervision(HandoverState state) throws InvalidException {
        Map<String, String> data = state.data();
        return new Supervision(
                new Standing(
                        RuntimeStatus.State.valueOf(text(data, "state")),
                        Instant.parse(text(data, "since")),
                        text(data, "detail")),
                Long.parseLong(text(data, "newest")),
                Long.parseLong(text(data, "served")),
                Integer.parseInt(text(data, "restarts")),
                Integer.parseInt(data.getOrDefault("crashes", "0")),
                ActivationData.read(data),
                generations(STARTING, state).stream().findFirst(),
                generations(GENERATION, state).stream().findFirst(),
                generations(REPLACED, state),
                generations(DRAINING, state));
    }

    private static boolean hasUnservedSubstitute(HandoverState state) {
        return state.resources().entrySet().stream()
                .anyMatch(resource -> resource.getValue() instanceof ListeningSocket socket
                        && socket.isSubstitute()
                        && !socket.reference().equals(state.data().get(resource.getKey() + ".served")));
    }

    private static void write(String kind, Generation.Identity generation, Map<String, Inheritable> resources) {
        resources.put(kind + generation.number(), generation.child());
    }

    private static List<Generation.Identity> generations(String kind, HandoverState state) {
        List<Generation.Identity> generations = new ArrayList<>();
        for (Map.Entry<String, Inheritable> resource : state.resources().entrySet()) {
            String name = resource.getKey();
            if (name.startsWith(kind) && resource.getValue() instanceof ChildProcess child) {
                long number = Long.parseLong(name.substring(kind.length()));
                String port = state.data().get(PORT + number);
                generations.add(new Generation.Identity(
                        number, child, port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port))));
            }
        }
        generations.sort(Comparator.comparingLong(Generation.Identity::number));
        return generations;
    }

    private static List<Port> ports(HandoverState state) throws InvalidException {
        List<Port> ports = new ArrayList<>();
        for (int i = 0; state.data().containsKey(SOCKET + i + ".host"); i++) {
            String host = text(state.data(), SOCKET + i + ".host");
            int port = Integer.parseInt(text(state.data(), SOCKET + i + ".port"));
            if (state.resources().get(SOCKET + i) instanceof ListeningSocket socket) {
                ports.add(new Port(new ListeningAddress(host, port), socket));
            }
        }
        return ports;
    }

    private static String text(Map<String, String> data, String name) throws InvalidException {
        return Optional.ofNullable(data.get(name)).orElseThrow(() -> invalid("it lacks \"" + name + "\""));
    }

    private static InvalidException invalid(String why) {
        return new InvalidException(problem(why));
    }

    private static Problem problem(String why) {
        return new Problem("take over the running server", "", why, "Use versions of the plugin that fit together");
    }
}
