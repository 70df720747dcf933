package dewy.cache.consul;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What Consul holds under a key.
 *
 * @param key the whole one
 * @param encoded any bytes, in Base64
 * @param index the {@code ModifyIndex}: it grows with every change in Consul, and so is never the same again
 * @param session the one that holds it; empty where none does
 * @param flags a number of the writer's own
 */
record Value(String key, String encoded, long index, String session, long flags) {
    byte[] content() {
        return Base64.getDecoder().decode(encoded);
    }

    String text() {
        return new String(content(), StandardCharsets.UTF_8);
    }
}
