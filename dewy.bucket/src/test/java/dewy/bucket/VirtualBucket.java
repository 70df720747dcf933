package dewy.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A bucket with very many objects, of which it has the names only: it answers lists, a thousand names each. */
public abstract class VirtualBucket {
    private static final int MOST = 1_000;

    /** All keys. */
    public final NavigableSet<String> keys = new TreeSet<>();

    /** A page, and the token of the next one. */
    protected record Listed(List<String> objects, List<String> folders, Optional<String> next) {}

    /** Answers what the service would, if a list was asked for. */
    public final Optional<Answer> answer(Asked asked) {
        Map<String, String> query = new HashMap<>();
        String target = asked.target();
        for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return answer(query);
    }

    protected abstract Optional<Answer> answer(Map<String, String> query);

    /** Lists from a key on, or behind the token that a page came with. */
    protected final Listed list(String prefix, String start, @Nullable String token) {
        List<String> objects = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        String last = "";
        String key = token != null ? keys.higher(token) : keys.ceiling(start.compareTo(prefix) < 0 ? prefix : start);
        while (key != null && key.startsWith(prefix) && objects.size() + folders.size() < MOST) {
            int slash = key.indexOf('/', prefix.length());
            if (slash < 0) {
                objects.add(key);
                last = key;
            } else {
                folders.add(key.substring(0, slash + 1));
                last = key.substring(0, slash + 1) + '~';
            }
            key = keys.higher(last);
        }
        boolean more = key != null && key.startsWith(prefix);
        return new Listed(objects, folders, more ? Optional.of(last) : Optional.empty());
    }
}
