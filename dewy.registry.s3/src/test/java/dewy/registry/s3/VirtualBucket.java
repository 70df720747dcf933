package dewy.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.registry.s3.Relay.Answer;
import dewy.registry.s3.Relay.Asked;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** A bucket with very many objects, of which it has the names only: it answers lists, a thousand names each, as S3 does. */
final class VirtualBucket {
    private static final int MOST = 1_000;

    final NavigableSet<String> keys = new TreeSet<>();

    Optional<Answer> answer(Asked asked) {
        Map<String, String> query = query(asked.target());
        if (!"2".equals(query.get("list-type"))) {
            return Optional.empty();
        }
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", query.getOrDefault("start-after", ""));
        StringBuilder list = new StringBuilder();
        int count = 0;
        String last = "";
        boolean truncated = false;
        String key = keys.higher(after.compareTo(prefix) < 0 ? prefix + "" : after);
        if (after.isEmpty() && keys.contains(prefix)) {
            key = prefix;
        }
        while (key != null && key.startsWith(prefix)) {
            if (count == MOST) {
                truncated = true;
                break;
            }
            int slash = key.indexOf('/', prefix.length());
            if (slash < 0) {
                list.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>")
                        .append("<ETag>&quot;00&quot;</ETag><Size>1</Size></Contents>");
                last = key;
            } else {
                String folder = key.substring(0, slash + 1);
                list.append("<CommonPrefixes><Prefix>").append(folder).append("</Prefix></CommonPrefixes>");
                last = folder + '~';
            }
            count++;
            key = keys.higher(last);
        }
        String token = truncated ? "<NextContinuationToken>" + last + "</NextContinuationToken>" : "";
        return Optional.of(Answer.of(
                        200,
                        "<ListBucketResult><Name>b</Name><IsTruncated>" + truncated + "</IsTruncated>" + token + list
                                + "</ListBucketResult>")
                .with("content-type", "application/xml"));
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
