package dewy.cache.consul;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Steps that are done together or not at all: the body of a request to {@code /v1/txn}. For one thread. */
final class Transaction {
    /**
     * What came of it.
     *
     * @param index that of the values that were written, if it was done
     * @param refused the numbers of the steps whose conditions were not met, from 0; empty if it was done
     * @param values what was read
     */
    record Result(long index, List<Integer> refused, List<Value> values) {
        boolean isDone() {
            return refused.isEmpty();
        }
    }

    private final JsonArray steps = new JsonArray();

    /** The key must have this index. */
    Transaction check(String key, long index) {
        JsonObject step = step("check-index", key);
        step.addProperty("Index", index);
        return this;
    }

    /** The key must not be there. */
    Transaction create(String key, byte[] content, long flags) {
        JsonObject step = step("cas", key);
        step.addProperty("Index", 0);
        step.addProperty("Flags", flags);
        return with(step, content);
    }

    /** The key must not be there; it goes with the session. */
    Transaction createFor(String session, String key, byte[] content) {
        create(key, content, 0);
        JsonObject step = step("lock", key);
        step.addProperty("Session", session);
        return with(step, content);
    }

    /** The key must have this index. */
    Transaction replace(String key, long index, byte[] content, long flags) {
        check(key, index);
        JsonObject step = step("cas", key);
        step.addProperty("Index", index);
        step.addProperty("Flags", flags);
        return with(step, content);
    }

    /** The key must have this index, and is deleted. */
    Transaction delete(String key, long index) {
        check(key, index); // delete-cas alone finds nothing wrong with a key that is not there.
        JsonObject step = step("delete-cas", key);
        step.addProperty("Index", index);
        return this;
    }

    Transaction get(String key) {
        step("get", key);
        return this;
    }

    private JsonObject step(String verb, String key) {
        JsonObject step = new JsonObject();
        step.addProperty("Verb", verb);
        step.addProperty("Key", key);
        JsonObject named = new JsonObject();
        named.add("KV", step);
        steps.add(named);
        return step;
    }

    private Transaction with(JsonObject step, byte[] content) {
        step.addProperty("Value", Base64.getEncoder().encodeToString(content));
        return this;
    }

    byte[] body() {
        return steps.toString().getBytes(StandardCharsets.UTF_8);
    }
}
