package dewy.replicas;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.time.Instant;
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
 * @param kept what served before, and can be switched back to
 * @param last the highest number that a generation had so far
 * @param leaving the names of the replicas that are to be drained and ended
 * @param crashes how often something crashed since the last activation
 */
record Standing(Optional<Generation> serving, Optional<Kept> kept, long last, List<String> leaving, int crashes) {
    static final int FORMAT = 1;
    static final Standing NOTHING = new Standing(Optional.empty(), Optional.empty(), 0, List.of(), 0);

    private static final String SERVING = "serving";
    private static final String KEPT = "kept";
    private static final String UNTIL = "kept.until";
    private static final String OF_KEPT = "kept.of.";
    private static final String LAST = "last";
    private static final String LEAVING = "leaving";
    private static final String CRASHES = "crashes";

    Standing {
        leaving = List.copyOf(leaving);
    }

    Standing serving(Generation generation) {
        return new Standing(Optional.of(generation), kept, last, leaving, crashes);
    }

    Standing kept(Optional<Kept> what) {
        return new Standing(serving, what, last, leaving, crashes);
    }

    Standing leaving(List<String> names) {
        return new Standing(serving, kept, last, names, crashes);
    }

    Standing crashes(int count) {
        return new Standing(serving, kept, last, leaving, count);
    }

    /** Returns the same, with one more generation to come, which has not crashed yet. */
    Standing next() {
        return new Standing(serving, kept, last + 1, leaving, 0);
    }

    /** Returns the same, with nothing that serves, or is kept. */
    Standing withoutServing() {
        return new Standing(Optional.empty(), Optional.empty(), last, List.of(), 0);
    }

    /** Returns the names of what serves. */
    List<String> replicas() {
        return serving.map(Generation::replicas).orElse(List.of());
    }

    /** Returns the names of what is kept. */
    List<String> keptReplicas() {
        return kept.map(Kept::generation).map(Generation::replicas).orElse(List.of());
    }

    /** What is kept is named among what leaves as well: a version that keeps nothing has it go. */
    HandoverState toState(ReplicaHost host) {
        Map<String, String> data = new HashMap<>(serving.map(Generation::data).orElse(Map.of()));
        serving.ifPresent(generation -> data.put(SERVING, String.join(" ", generation.replicas())));
        kept.ifPresent(what -> {
            what.generation().data().forEach((name, value) -> data.put(OF_KEPT + name, value));
            data.put(UNTIL, Long.toString(what.until().toEpochMilli()));
            data.put(KEPT, String.join(" ", keptReplicas()));
        });
        List<String> others = new ArrayList<>(leaving);
        others.addAll(keptReplicas());
        data.put(LAST, Long.toString(last));
        data.put(LEAVING, String.join(" ", others));
        data.put(CRASHES, Integer.toString(crashes));
        Map<String, Inheritable> handles = new HashMap<>();
        Stream.concat(replicas().stream(), others.stream())
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
            Optional<Kept> kept = kept(data);
            List<String> leaving = names(data, LEAVING);
            kept.ifPresent(what -> leaving.removeAll(what.generation().replicas()));
            return new Standing(
                    serving,
                    kept,
                    Long.parseLong(data.getOrDefault(LAST, "")),
                    leaving,
                    Integer.parseInt(data.getOrDefault(CRASHES, "")));
        } catch (IllegalArgumentException e) {
            throw refusal("what was handed over is malformed: " + e.getMessage());
        }
    }

    private static Optional<Kept> kept(Map<String, String> data) throws InvalidException {
        if (!data.containsKey(KEPT)) {
            return Optional.empty();
        }
        Map<String, String> of = new HashMap<>();
        data.forEach((name, value) -> {
            if (name.startsWith(OF_KEPT)) {
                of.put(name.substring(OF_KEPT.length()), value);
            }
        });
        Instant until = Instant.ofEpochMilli(Long.parseLong(data.getOrDefault(UNTIL, "")));
        return Optional.of(new Kept(Generation.of(of, names(data, KEPT)), until));
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
