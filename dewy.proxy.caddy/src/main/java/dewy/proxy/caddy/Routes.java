package dewy.proxy.caddy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where traffic goes, and where it went that may be on its way still. It is a part of what Caddy is told, so that whoever comes
 * next reads there how things stand. Immutable.
 *
 * @param sets backends by the name of a listener
 * @param draining those that are in no set any more, by their ids
 * @param tally what passed
 */
record Routes(Map<String, List<Backend>> sets, Map<String, Backend> draining, Tally tally) {
    static final Routes NONE = new Routes(Map.of(), Map.of(), Tally.NONE);

    Routes {
        sets = Map.copyOf(sets);
        draining = Map.copyOf(draining);
    }

    /**
     * Returns the routes with other backends at some listeners.
     *
     * @throws InvalidException if there are two of one id in a set
     */
    Routes moved(Map<String, List<Backend>> to) throws InvalidException {
        for (Map.Entry<String, List<Backend>> set : to.entrySet()) {
            Set<String> ids = new HashSet<>();
            for (Backend backend : set.getValue()) {
                if (!ids.add(backend.id())) {
                    throw new InvalidException(new Problem(
                            "route what arrives at", set.getKey(), "two backends have the id " + backend.id(), ""));
                }
            }
        }
        Map<String, List<Backend>> now = new LinkedHashMap<>(sets);
        now.putAll(to);
        Map<String, Backend> left = new LinkedHashMap<>(draining);
        sets.values().forEach(set -> set.forEach(backend -> left.put(backend.id(), backend)));
        now.values().forEach(set -> set.forEach(backend -> left.remove(backend.id())));
        return new Routes(now, left, tally);
    }

    Routes drained(String id) {
        Map<String, Backend> left = new LinkedHashMap<>(draining);
        left.remove(id);
        return new Routes(sets, left, tally);
    }

    Routes with(Tally now) {
        return new Routes(sets, draining, now);
    }

    /** Returns the backends of a listener. */
    List<Backend> of(String listener) {
        return sets.getOrDefault(listener, List.of());
    }

    /** Returns all that are in a set, each once. */
    Map<String, Backend> serving() {
        Map<String, Backend> serving = new LinkedHashMap<>();
        sets.values().forEach(set -> set.forEach(backend -> serving.put(backend.id(), backend)));
        return serving;
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode listeners = json.putObject("sets");
        sets.forEach((listener, set) -> write(set, listeners.putArray(listener)));
        write(List.copyOf(draining.values()), json.putArray("draining"));
        tally.write(json);
        return json;
    }

    static Routes of(JsonNode json) {
        Map<String, List<Backend>> sets = new LinkedHashMap<>();
        json.path("sets").properties().forEach(one -> sets.put(one.getKey(), read(one.getValue())));
        Map<String, Backend> draining = new LinkedHashMap<>();
        read(json.path("draining")).forEach(backend -> draining.put(backend.id(), backend));
        return new Routes(sets, draining, Tally.of(json));
    }

    private static void write(List<Backend> backends, ArrayNode to) {
        backends.forEach(backend -> to.addObject()
                .put("id", backend.id())
                .put("host", backend.address().host())
                .put("port", backend.address().port())
                .put("version", backend.version())
                .put("weight", backend.weight()));
    }

    private static List<Backend> read(JsonNode json) {
        List<Backend> backends = new ArrayList<>();
        json.forEach(one -> backends.add(new Backend(
                one.path("id").asText(),
                new ListeningAddress(one.path("host").asText(), one.path("port").asInt()),
                one.path("version").asText(),
                Optional.of(one.path("weight").asInt())
                        .filter(weight -> weight > 0)
                        .orElse(1))));
        return backends;
    }
}
