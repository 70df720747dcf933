package dewy.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is done in one step, written in Lua. It is sent whole each time: it is small, and a request that only works where it was
 * sent before would have to be made twice.
 */
enum Script {
    OPEN_BLOB("cache", "open"),
    LIST_BLOBS("cache", "list"),
    WRITE_CHUNK("cache", "write"),
    MAKE_ROOM("cache", "room"),
    COMMIT_BLOB("cache", "commit"),
    DELETE_BLOB("cache", "delete"),
    READ("store", "read"),
    LIST("store", "list"),
    SET("store", "set"),
    DELETE("store", "delete"),
    ACQUIRE("store", "acquire"),
    RENEW("store", "renew"),
    RELEASE("store", "release");

    private final String text;

    Script(String library, String step) {
        this.text = read(library + ".lua") + read(library + "-" + step + ".lua");
    }

    /** Returns the arguments of EVAL. */
    byte[][] request(List<String> keys, byte[]... arguments) {
        List<byte[]> all = new ArrayList<>();
        all.add(text.getBytes(UTF_8));
        all.add(String.valueOf(keys.size()).getBytes(UTF_8));
        keys.forEach(key -> all.add(key.getBytes(UTF_8)));
        all.addAll(Arrays.asList(arguments));
        return all.toArray(byte[][]::new);
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the bundle lacks " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
