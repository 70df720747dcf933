package dewy.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.release.Digest;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A registry with one repository, {@code app}, that does what a real one cannot be had to do: has very many tags, gives tokens
 * that end, limits, answers oddly. It has a clock of its own.
 */
public final class FakeRegistry implements AutoCloseable {
    /** How it wants to be shown who asks. */
    public enum Access {
        OPEN,
        PASSWORD,
        TOKEN
    }

    public static final String USER = "robot";
    public static final String PASSWORD = "pw_this_must_not_be_seen";
    public static final String REFRESH = "rt_this_must_not_be_seen";

    private static final Pattern PATH = Pattern.compile("/v2/app/(tags/list|manifests/|blobs/)([^?]*)(?:\\?(.*))?");

    public final HttpStandIn api = new HttpStandIn();
    /** Where tokens are to be had. */
    public final HttpStandIn tokens = new HttpStandIn();
    /** Where blobs are. */
    public final HttpStandIn store = new HttpStandIn();

    private final NavigableMap<String, String> tags = new TreeMap<>();
    private final Map<String, TestImage> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, Instant> issued = new ConcurrentHashMap<>();
    /** What was asked for with tokens, by each request. */
    public final List<String> scopes = new CopyOnWriteArrayList<>();

    volatile Access access = Access.OPEN;
    volatile int pageSize = 1_000;
    volatile boolean etags;
    volatile boolean digests = true;
    /** How the next page is named, of which this is the path and query. */
    volatile UnaryOperator<String> link = next -> next;

    volatile String scope = "repository:app:pull,push";
    volatile Duration lifetime = Duration.ofMinutes(5);
    volatile UnaryOperator<String> token =
            token -> "{\"token\":\"" + token + "\",\"expires_in\":" + lifetime.toSeconds() + "}";
    volatile UnaryOperator<Answer> tampering = answer -> answer;
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    public FakeRegistry() throws IOException {
        api.answer(asked -> tampering.apply(allowed(asked) ? answer(asked) : challenge()));
        tokens.answer(this::giveToken);
        store.answer(asked -> Answer.of(200, new String(blob(asked.target().substring(1)), UTF_8)));
    }

    /** Has a tag point to an image. */
    public void push(String tag, TestImage image) {
        push(Stream.of(tag), image);
    }

    /** Has tags point to an image. */
    synchronized void push(Stream<String> named, TestImage image) {
        add(image);
        String digest = image.digest().toString();
        named.forEach(tag -> tags.put(tag, digest));
    }

    synchronized void delete(String tag) {
        tags.remove(tag);
    }

    private void add(TestImage image) {
        image.parts().forEach(this::add);
        manifests.put(image.digest().toString(), image);
        image.blobs().forEach((digest, content) -> blobs.put(digest.toString(), content));
    }

    /** Returns its place in a URL. */
    public String url() {
        return "img://127.0.0.1:" + api.port() + "/app";
    }

    String repository() {
        return "127.0.0.1:" + api.port() + "/app";
    }

    InstantSource clock() {
        return () -> now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Returns how often something was asked, by the beginning of method and path within the repository. */
    long asked(String what) {
        return requests().stream().filter(request -> request.startsWith(what)).count();
    }

    List<String> requests() {
        return api.asked.stream()
                .map(asked -> asked.method() + " " + asked.target().replaceFirst("^/v2/app/", ""))
                .toList();
    }

    @Override
    public void close() throws IOException {
        api.close();
        tokens.close();
        store.close();
    }

    private boolean allowed(Asked asked) {
        String shown = asked.header("Authorization").orElse("");
        return switch (access) {
            case OPEN -> true;
            case PASSWORD -> shown.equals(basic(USER, PASSWORD));
            case TOKEN ->
                Optional.ofNullable(issued.get(shown)).filter(now::isBefore).isPresent();
        };
    }

    private Answer challenge() {
        String wanted = access == Access.PASSWORD
                ? "Basic realm=\"Registry\", charset=\"UTF-8\""
                : "Bearer realm=\"" + tokens.address() + "/token\",service=\"registry.test\",scope=\"" + scope + "\"";
        return error(401, "UNAUTHORIZED", "authentication required").with("Www-Authenticate", wanted);
    }

    private Answer giveToken(Asked asked) {
        String query =
                asked.method().equals("POST") ? asked.body() : asked.target().replaceFirst("[^?]*\\?", "");
        Map<String, String> fields = fields(query);
        String shown = asked.header("Authorization").orElse("");
        boolean isRefreshed =
                "refresh_token".equals(fields.get("grant_type")) && REFRESH.equals(fields.get("refresh_token"));
        if (!isRefreshed && !shown.equals(basic(USER, PASSWORD))) {
            return error(401, "UNAUTHORIZED", "unknown: " + shown);
        }
        scopes.add(fields.get("service") + " " + fields.get("scope"));
        String made = "tk_" + issued.size() + "_this_must_not_be_seen";
        issued.put("Bearer " + made, now.plus(lifetime));
        return Answer.of(200, token.apply(made)).with("Content-Type", "application/json");
    }

    private synchronized Answer answer(Asked asked) {
        Matcher path = PATH.matcher(asked.target());
        if (!path.matches()) {
            return error(404, "NAME_UNKNOWN", "repository name not known to registry");
        }
        return switch (path.group(1)) {
            case "tags/list" ->
                list(asked, fields(Optional.ofNullable(path.group(3)).orElse("")));
            case "blobs/" -> Answer.of(307, "").with("Location", store.address() + "/" + path.group(2));
            default -> manifest(path.group(2));
        };
    }

    private Answer list(Asked asked, Map<String, String> fields) {
        String last = fields.getOrDefault("last", "");
        int size = Math.min(pageSize, Integer.parseInt(fields.getOrDefault("n", "1000")));
        List<String> page =
                tags.tailMap(last, false).keySet().stream().limit(size).toList();
        String listed = page.isEmpty()
                ? "null"
                : page.stream().map(tag -> "\"" + tag + "\"").collect(Collectors.joining(",", "[", "]"));
        String etag = "\"" + Digest.of((listed + last).getBytes(UTF_8)).hex() + "\"";
        if (etags && asked.header("If-None-Match").equals(Optional.of(etag))) {
            return Answer.of(304, "").with("ETag", etag);
        }
        Answer answer = Answer.of(200, "{\"name\":\"app\",\"tags\":" + listed + "}")
                .with("content-type", "application/json; charset=utf-8");
        Answer tagged = etags ? answer.with("etag", etag) : answer;
        if (page.isEmpty() || page.get(page.size() - 1).equals(tags.lastKey())) {
            return tagged;
        }
        String next = "/v2/app/tags/list?last=" + page.get(page.size() - 1) + "&n=" + size;
        return tagged.with("link", "<" + link.apply(next) + ">; rel=\"next\"");
    }

    private Answer manifest(String reference) {
        TestImage image = manifests.get(tags.getOrDefault(reference, reference));
        if (image == null) {
            return error(404, "MANIFEST_UNKNOWN", "manifest unknown");
        }
        Answer answer = Answer.of(200, image.manifest()).with("content-type", image.type() + "; charset=utf-8");
        return digests ? answer.with("docker-content-digest", image.digest().toString()) : answer;
    }

    private byte[] blob(String digest) {
        return blobs.getOrDefault(digest, new byte[0]);
    }

    static Answer error(int status, String code, String message) {
        String error = "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"detail\":null}]}";
        return Answer.of(status, error).with("Content-Type", "application/json");
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private static Map<String, String> fields(String query) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : query.split("&", -1)) {
            String[] parts = field.split("=", 2);
            if (parts.length == 2) {
                fields.merge(parts[0], URLDecoder.decode(parts[1], UTF_8), (one, other) -> one + " " + other);
            }
        }
        return fields;
    }
}
