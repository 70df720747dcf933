package dewy.registry.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.registry.gcs.Relay.Answer;
import dewy.registry.gcs.Relay.Asked;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** A bucket with very many objects, of which it has the names only: it answers lists, a thousand names each, as GCS does. */
final class VirtualBucket {
    private static final int MOST = 1_000;

    final NavigableSet<String> keys = new TreeSet<>();

    Optional<Answer> answer(Asked asked) {
        Map<String, String> query = query(asked.target());
        if (!query.containsKey("prefix")) {
            return Optional.empty();
        }
        String prefix = query.get("prefix");
        List<String> items = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String key = query.containsKey("pageToken")
                ? keys.higher(query.get("pageToken"))
                : keys.ceiling(query.getOrDefault("startOffset", prefix));
        String last = "";
        while (key != null && key.startsWith(prefix) && items.size() + prefixes.size() < MOST) {
            int slash = key.indexOf('/', prefix.length());
            if (slash < 0) {
                items.add("{\"bucket\":\"b\",\"name\":\"" + key
                        + "\",\"size\":\"1\",\"generation\":\"1\",\"timeCreated\":\"2026-01-01T00:00:00.000Z\"}");
                last = key;
            } else {
                String folder = key.substring(0, slash + 1);
                prefixes.add("\"" + folder + "\"");
                last = folder + '~';
            }
            key = keys.higher(last);
        }
        boolean more = key != null && key.startsWith(prefix);
        return Optional.of(Answer.of(
                        200,
                        "{\"items\":[" + String.join(",", items) + "],\"prefixes\":[" + String.join(",", prefixes) + "]"
                                + (more ? ",\"nextPageToken\":\"" + last + "\"" : "") + "}")
                .with("content-type", "application/json; charset=UTF-8"));
    }

    private static Map<String, String> query(String target) {
        Map<String, String> query = new HashMap<>();
        for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return query;
    }
}
