package dewy.registry.gcs;

import dewy.bucket.Relay.Answer;
import dewy.bucket.VirtualBucket;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One that lists its names as GCS does. */
final class GcsVirtualBucket extends VirtualBucket {
    @Override
    protected Optional<Answer> answer(Map<String, String> query) {
        if (!query.containsKey("prefix")) {
            return Optional.empty();
        }
        Listed listed = list(query.get("prefix"), query.getOrDefault("startOffset", ""), query.get("pageToken"));
        String items = listed.objects().stream()
                .map(key -> "{\"bucket\":\"b\",\"name\":\"" + key
                        + "\",\"size\":\"1\",\"generation\":\"1\",\"timeCreated\":\"2026-01-01T00:00:00.000Z\"}")
                .collect(Collectors.joining(","));
        String prefixes =
                listed.folders().stream().map(folder -> "\"" + folder + "\"").collect(Collectors.joining(","));
        String next = listed.next()
                .map(token -> ",\"nextPageToken\":\"" + token + "\"")
                .orElse("");
        return Optional.of(Answer.of(200, "{\"items\":[" + items + "],\"prefixes\":[" + prefixes + "]" + next + "}")
                .with("content-type", "application/json; charset=UTF-8"));
    }
}
