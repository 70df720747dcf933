package dewy.cache.consul;

import com.ecwid.consul.ConsulException;
import com.ecwid.consul.SingleUrlParameters;
import com.ecwid.consul.UrlParameters;
import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.v1.ConsulRawClient;
import com.ecwid.consul.v1.Request;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The requests of one call, over one connection, which ends with it. What changes something is asked once: a request whose
 * answer did not come may have been done. Reads are consistent. For one thread.
 */
final class Conversation implements AutoCloseable {
    private final Call call;
    private final Consul consul;
    private final String tried;
    private final AbortableHttp http;
    private final ConsulRawClient client;
    private final Registration aborting;
    private final String token;

    /**
     * Begins one; nothing is asked yet.
     *
     * @param tried what it is for, as a verb phrase that follows "cannot"
     */
    static Conversation begin(Call call, Consul consul, String tried) throws DewyException {
        call.check();
        String token = consul.token().isPresent() ? consul.token().get().reveal() : "";
        return new Conversation(call, consul, tried, token, new AbortableHttp(call, consul));
    }

    private Conversation(Call call, Consul consul, String tried, String token, AbortableHttp http) {
        this.call = call;
        this.consul = consul;
        this.tried = tried;
        this.token = token;
        this.http = http;
        this.client = new ConsulRawClient(http, consul.address(), consul.port(), "");
        this.aborting = call.onCancel(http::abort);
    }

    Call call() {
        return call;
    }

    /** Returns what is held under a key. */
    Optional<Value> read(String key) throws DewyException {
        HttpResponse answer = get("/v1/kv/" + key, consistent());
        List<Value> values = answer.getStatusCode() == 404 ? List.of() : values(array(answer));
        return values.stream().findFirst();
    }

    /** Returns all keys that begin with some characters. */
    List<String> keys(String prefix) throws DewyException {
        HttpResponse answer = get("/v1/kv/" + prefix, new SingleUrlParameters("keys"), consistent());
        List<String> keys = new ArrayList<>();
        if (answer.getStatusCode() != 404) {
            array(answer).forEach(key -> keys.add(key.getAsString()));
        }
        return keys;
    }

    /** Returns what is held under all keys that begin with some characters, of which each is small. */
    List<Value> all(String prefix) throws DewyException {
        HttpResponse answer = get("/v1/kv/" + prefix, new SingleUrlParameters("recurse"), consistent());
        return answer.getStatusCode() == 404 ? List.of() : values(array(answer));
    }

    /**
     * Waits until something has changed below a prefix since an index, or that time is over.
     *
     * @return the index now
     */
    long await(String prefix, long index, Duration limit) throws DewyException {
        http.silentFor(limit.plus(limit.dividedBy(8)));
        HttpResponse answer = get(
                "/v1/kv/" + prefix,
                new SingleUrlParameters("keys"),
                new SingleUrlParameters("index", String.valueOf(index)),
                new SingleUrlParameters("wait", limit.toSeconds() + "s"));
        Long now = answer.getConsulIndex();
        // An index that goes back means that a snapshot was restored: begin anew, as Consul says.
        return now == null || now < index ? 0 : now;
    }

    void write(String key, byte[] content) throws DewyException {
        put("/v1/kv/" + key, content);
    }

    void delete(String key) throws DewyException {
        remove("/v1/kv/" + key);
    }

    void deleteAll(String prefix) throws DewyException {
        remove("/v1/kv/" + prefix, new SingleUrlParameters("recurse"));
    }

    /** Returns a new session that ends by itself, at least {@code time} after it was made or renewed, with the keys it holds. */
    String openSession(Duration time) throws DewyException {
        JsonObject session = new JsonObject();
        session.addProperty("Name", "dewy");
        session.addProperty("TTL", Math.max(10, time.plusMillis(999).toSeconds()) + "s");
        session.addProperty("Behavior", "delete");
        session.addProperty("LockDelay", "0s");
        session.add("Checks", new JsonArray()); // It does not depend on the health of an agent.
        HttpResponse answer = put("/v1/session/create", bytes(session.toString()));
        return parse(answer).getAsJsonObject().get("ID").getAsString();
    }

    /** Returns whether there still was such a session. */
    boolean renewSession(String id) throws DewyException {
        return put("/v1/session/renew/" + id, new byte[0]).getStatusCode() != 404;
    }

    /** Ends a session, with the keys it holds. */
    void endSession(String id) throws DewyException {
        put("/v1/session/destroy/" + id, new byte[0]);
    }

    Transaction.Result run(Transaction transaction) throws DewyException {
        HttpResponse answer = put("/v1/txn", transaction.body(), consistent());
        JsonObject result = parse(answer).getAsJsonObject();
        if (answer.getStatusCode() == 409) {
            List<Integer> refused = new ArrayList<>();
            result.getAsJsonArray("Errors")
                    .forEach(error ->
                            refused.add(error.getAsJsonObject().get("OpIndex").getAsInt()));
            return new Transaction.Result(0, refused, List.of());
        }
        JsonArray pairs = new JsonArray();
        if (result.get("Results") instanceof JsonArray results) {
            results.forEach(each -> pairs.add(each.getAsJsonObject().get("KV")));
        }
        List<Value> values = values(pairs);
        long index = values.stream().mapToLong(Value::index).max().orElse(0);
        return new Transaction.Result(index, List.of(), values);
    }

    /** Finds out whether Consul has a leader, and knows us. */
    void check() throws DewyException {
        read(consul.keys() + "none");
    }

    private static UrlParameters consistent() {
        return new SingleUrlParameters("consistent");
    }

    private HttpResponse get(String path, UrlParameters... parameters) throws DewyException {
        call.check();
        try {
            return checked(
                    client.makeGetRequest(request(path, List.of(parameters)).build()), false);
        } catch (ConsulException e) {
            throw failure().of(e, false);
        }
    }

    private HttpResponse put(String path, byte[] body, UrlParameters... parameters) throws DewyException {
        call.check();
        try {
            return checked(
                    client.makePutRequest(request(path, List.of(parameters))
                            .setBinaryContent(body)
                            .build()),
                    true);
        } catch (ConsulException e) {
            throw failure().of(e, true);
        }
    }

    private void remove(String path, UrlParameters... parameters) throws DewyException {
        call.check();
        try {
            checked(client.makeDeleteRequest(request(path, List.of(parameters)).build()), true);
        } catch (ConsulException e) {
            throw failure().of(e, true);
        }
    }

    private Request.Builder request(String path, List<UrlParameters> parameters) {
        List<UrlParameters> all = new ArrayList<>(parameters);
        consul.datacenter().ifPresent(dc -> all.add(new SingleUrlParameters("dc", dc)));
        Request.Builder request = Request.Builder.newBuilder().setEndpoint(path).addUrlParameters(all);
        return token.isEmpty() ? request : request.setToken(token);
    }

    /** Throws what an answer means that is neither good nor that something is not there or as it should be. */
    private HttpResponse checked(HttpResponse answer, boolean changing) throws DewyException {
        int status = answer.getStatusCode();
        boolean refusedByCondition = changing && status == 409;
        if (status == 200 || (status == 404 && !isWrongPlace(answer)) || refusedByCondition) {
            return answer;
        }
        throw failure().of(status, String.valueOf(answer.getContent()).strip());
    }

    /** What does not know the path is no Consul: of a key that is not there it says nothing, and of a session its id. */
    private static boolean isWrongPlace(HttpResponse answer) {
        return answer.getConsulIndex() == null
                && !String.valueOf(answer.getContent()).contains("Session id");
    }

    private JsonArray array(HttpResponse answer) throws DewyException {
        if (parse(answer) instanceof JsonArray array) {
            return array;
        }
        throw failure().noConsul();
    }

    private JsonElement parse(HttpResponse answer) throws DewyException {
        try {
            return JsonParser.parseString(answer.getContent());
        } catch (JsonParseException | IllegalStateException e) {
            throw failure().noConsul();
        }
    }

    private List<Value> values(JsonArray pairs) throws DewyException {
        try {
            List<Value> values = new ArrayList<>();
            for (JsonElement each : pairs) {
                values.add(value(each.getAsJsonObject()));
            }
            return values;
        } catch (IllegalStateException | NullPointerException | IllegalArgumentException e) {
            throw failure().noConsul();
        }
    }

    private static Value value(JsonObject pair) {
        JsonElement content = pair.get("Value");
        String encoded = content == null || content.isJsonNull() ? "" : content.getAsString();
        return new Value(
                pair.get("Key").getAsString(),
                encoded,
                pair.get("ModifyIndex").getAsLong(),
                pair.has("Session") ? pair.get("Session").getAsString() : "",
                pair.get("Flags").getAsLong());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ConsulFailure failure() {
        return new ConsulFailure(call, tried, consul);
    }

    @Override
    public void close() {
        aborting.close();
        http.close();
    }
}
