package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.HandoverState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds how things stand where nobody is left to tell: what there is, the labels say; which of it served, what was kept says.
 * Where that is lost, it is the oldest generation that is ready as a whole, since no replica of one goes before the next one
 * has the traffic.
 *
 * @param replicas how many there are to be by now: an app that was scaled down is whole with those
 */
record Recovery(ReplicaHost host, int replicas) {
    /** Returns how things stand; empty when there is nothing left. */
    Optional<Standing> find(Call call, Optional<HandoverState> kept) throws DewyException {
        List<Replica> left = host.list(call);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        Map<Long, List<Replica>> generations = generations(left);
        Standing known = known(kept);
        Optional<Generation> noted = known.serving().filter(generation -> isLeft(generation, left));
        Optional<Generation> serving = noted.isPresent() ? noted : whole(generations);
        Optional<Kept> beside = known.kept().filter(what -> noted.isPresent() && isLeft(what.generation(), left));
        List<String> leaving = names(left);
        serving.ifPresent(generation -> leaving.removeAll(generation.replicas()));
        beside.ifPresent(what -> leaving.removeAll(what.generation().replicas()));
        long last =
                generations.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        return Optional.of(new Standing(serving, beside, Math.max(known.last(), last), leaving, known.crashes()));
    }

    /** What this version cannot read is as good as lost. */
    private static Standing known(Optional<HandoverState> kept) {
        try {
            return kept.isPresent() ? Standing.of(kept.get()) : Standing.NOTHING;
        } catch (InvalidException e) {
            return Standing.NOTHING;
        }
    }

    private static boolean isLeft(Generation generation, List<Replica> left) {
        return generation.replicas().isEmpty()
                || left.stream().anyMatch(replica -> generation.replicas().contains(replica.name()));
    }

    /** Of a replica whose labels somebody made it is known whose it is, and nothing more. */
    private static Map<Long, List<Replica>> generations(List<Replica> left) {
        Map<Long, List<Replica>> generations = new TreeMap<>();
        for (Replica replica : left) {
            try {
                long number = Generation.of(Generation.data(replica), List.of()).number();
                generations.computeIfAbsent(number, unused -> new ArrayList<>()).add(replica);
            } catch (IllegalArgumentException | InvalidException e) {
                // It goes, as all others that do not serve.
            }
        }
        return generations;
    }

    private Optional<Generation> whole(Map<Long, List<Replica>> generations) throws InvalidException {
        for (List<Replica> all : generations.values()) {
            Map<String, String> data = Generation.data(all.get(0));
            int size = Generation.of(data, List.of()).size();
            List<Replica> running = all.stream()
                    .filter(Replica::isRunning)
                    .sorted(Comparator.comparing(Replica::name))
                    .limit(size)
                    .toList();
            if (running.size() >= Math.min(size, replicas)) {
                return Optional.of(Generation.of(data, names(running)));
            }
        }
        return Optional.empty();
    }

    private static List<String> names(List<Replica> replicas) {
        return replicas.stream().map(Replica::name).collect(Collectors.toCollection(ArrayList::new));
    }
}
