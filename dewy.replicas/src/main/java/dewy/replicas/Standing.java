package dewy.replicas;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How things stand: what an instance must know to go on where another one stopped.
 *
 * @param serving what serves
 * @param last the highest number that a generation had so far
 * @param leaving the names of the replicas that are to be drained and ended
 * @param crashes how often something crashed since the last activation
 */
record Standing(Optional<Generation> serving, long last, List<String> leaving, int crashes) {
    static final int FORMAT = 1;
    static final Standing NOTHING = new Standing(Optional.empty(), 0, List.of(), 0);

    private static final String SERVING = "serving";
    private static final String LAST = "last";
    private static final String LEAVING = "leaving";
    private static final String CRASHES = "crashes";

    Standing {
        leaving = List.copyOf(leaving);
    }

    Standing serving(Generation generation) {
        return new Standing(Optional.of(generation), last, leaving, crashes);
    }

    Standing leaving(List<String> names) {
        return new Standing(serving, last, names, crashes);
    }

    Standing crashes(int count) {
        return new Standing(serving, last, leaving, count);
    }

    /** Returns the same, with one more generation to come, which has not crashed yet. */
    Standing next() {
        return new Standing(serving, last + 1, leaving, 0);
    }

    /** Returns the same, with nothing that serves. */
    Standing withoutServing() {
        return new Standing(Optional.empty(), last, List.of(), 0);
    }

    /** Returns the names of what serves. */
    List<String> replicas() {
        return serving.map(Generation::replicas).orElse(List.of());
    }

    HandoverState toState(ReplicaHost host) {
        Map<String, String> data = new HashMap<>(serving.map(Generation::data).orElse(Map.of()));
        serving.ifPresent(generation -> data.put(SERVING, String.join(" ", generation.replicas())));
        data.put(LAST, Long.toString(last));
        data.put(LEAVING, String.join(" ", leaving));
        data.put(CRASHES, Integer.toString(crashes));
        Map<String, Inheritable> handles = new HashMap<>();
        Stream.concat(replicas().stream(), leaving.stream())
                .forEach(name -> handles.put(name, new ReplicaHandle(host, name)));
        return new HandoverState(FORMAT, data, handles);
    }

    static Standing of(HandoverState state) throws InvalidException {
        if (state.format() != FORMAT) {
            throw refusal("it was handed over in format " + state.format() + ", and this version knows " + FORMAT);
        }
        Map<String, String> data = state.data();
        try {
            Optional<Generation> serving = data.containsKey(SERVING)
                    ? Optional.of(Generation.of(data, names(data, SERVING)))
                    : Optional.empty();
            return new Standing(
                    serving,
                    Long.parseLong(data.getOrDefault(LAST, "")),
                    names(data, LEAVING),
                    Integer.parseInt(data.getOrDefault(CRASHES, "")));
        } catch (IllegalArgumentException e) {
            throw refusal("what was handed over is malformed: " + e.getMessage());
        }
    }

    private static List<String> names(Map<String, String> data, String name) {
        List<String> names = new ArrayList<>(List.of(data.getOrDefault(name, "").split(" ")));
        names.removeIf(String::isEmpty);
        return names;
    }

    private static InvalidException refusal(String why) {
        return new InvalidException(new Problem("take over the containers", "", why, ""));
    }
}
