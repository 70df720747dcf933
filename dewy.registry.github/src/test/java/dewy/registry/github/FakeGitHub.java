package dewy.registry.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.CancellableCall;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.registry.github.StandIn.Answer;
import dewy.registry.github.StandIn.Asked;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GitHub as far as one repository goes: the API on one port, the store of the assets on another, an environment, and a
 * clock that stands still until it is moved.
 */
final class FakeGitHub implements InstantSource, AutoCloseable {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final String REPOSITORY = "/repos/acme/app";

    private static final Pattern PAGE = Pattern.compile("[?&]page=(\\d+)");
    private static final Pattern ASSET = Pattern.compile("/releases/assets/(\\d+)");

    final StandIn api = new StandIn();
    final StandIn store = new StandIn();
    final Map<String, String> environment = new ConcurrentHashMap<>();
    /** Releases in JSON, the newest first. */
    final List<String> releases = new CopyOnWriteArrayList<>();

    final Map<Long, byte[]> contents = new ConcurrentHashMap<>();
    volatile Instant now = NOON;
    volatile int perPage = 100;
    /** Changes what the store answers. */
    volatile UnaryOperator<Answer> tampering = answer -> answer;
    /** What the API answers before anything else. */
    final Map<String, Answer> instead = new ConcurrentHashMap<>();

    private long ids = 1_000;
    private int tokens;

    FakeGitHub() throws IOException {
        environment.put("GITHUB_API_URL", api.address());
        api.answer(this::answer);
        store.answer(this::fetch);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void close() throws IOException {
        api.close();
        store.close();
    }

    GitHubAccess access() {
        return new GitHubAccess(name -> Optional.ofNullable(environment.get(name)), this, Duration.ofSeconds(20));
    }

    GitHubRegistry registry() throws Exception {
        return registry(access());
    }

    GitHubRegistry registry(GitHubAccess access) throws Exception {
        return (GitHubRegistry) new GitHubRegistryProvider(access).open(url(), new TestApp(Path.of(".")));
    }

    GitHubArtifactSource source() throws Exception {
        return source(access());
    }

    GitHubArtifactSource source(GitHubAccess access) throws Exception {
        return (GitHubArtifactSource) new GitHubArtifactProvider(access).open(url(), new TestApp(Path.of(".")));
    }

    static PluginUrl url() throws Exception {
        return PluginUrl.parse("github://acme/app");
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(30));
    }

    /** Stores the content of an asset, and returns the asset in JSON with its digest. */
    String asset(String name, String content) {
        return asset(name, content, "\"" + digest(content) + "\"", "uploaded");
    }

    String asset(String name, String content, String digest, String state) {
        long id = ids++;
        contents.put(id, content.getBytes(UTF_8));
        return """
                {"url":"https://elsewhere.example/%1$d","id":%1$d,"name":"%2$s","label":null,"state":"%5$s",
                 "uploader":{"login":"octocat","id":7},"size":%3$d,"download_count":0,"digest":%4$s}"""
                .formatted(id, name, content.length(), digest, state);
    }

    static Digest digest(String content) {
        var calculation = Digest.calculation("sha256");
        calculation.update(content.getBytes(UTF_8));
        return Digest.of(calculation);
    }

    /** Publishes a release as the newest one. */
    void release(String tag, String... assets) {
        releases.add(0, json(tag, false, assets));
    }

    String json(String tag, boolean draft, String... assets) {
        long id = ids++;
        return """
                {"id":%1$d,"tag_name":"%2$s","name":"the name","draft":%3$s,"prerelease":false,
                 "author":{"login":"octocat","id":7},"body":"notes","created_at":"2026-01-01T00:00:00Z",
                 "published_at":%4$s,"upload_url":"%5$s/repos/acme/app/releases/%1$d/assets{?name,label}",
                 "assets":[%6$s]}"""
                .formatted(
                        id,
                        tag,
                        draft,
                        draft ? "null" : "\"2026-02-03T04:05:06Z\"",
                        api.address(),
                        String.join(",", assets));
    }

    Deliverable deliverable(GitHubRegistry registry, String tag, String artifact) throws Exception {
        for (Release release :
                registry.poll(call(), Optional.empty()).releases().orElseThrow()) {
            for (Artifact offered : release.artifacts()) {
                if (release.tag().equals(tag) && offered.name().equals(artifact)) {
                    return new Deliverable(release, offered);
                }
            }
        }
        throw new AssertionError("no " + artifact + " in " + tag);
    }

    /** Returns what the API was asked since the last time, and forgets it. */
    List<Asked> takeAsked() {
        List<Asked> taken = new ArrayList<>(api.asked);
        api.asked.clear();
        return taken;
    }

    private Answer answer(Asked asked) {
        for (Map.Entry<String, Answer> prepared : instead.entrySet()) {
            if (asked.target().contains(prepared.getKey())) {
                return prepared.getValue();
            }
        }
        String target = asked.target();
        Matcher asset = ASSET.matcher(target);
        if (target.startsWith("/app/installations/")) {
            return token(asked);
        }
        if (asked.method().equals("POST")) {
            return Answer.of(201, "{\"id\":1,\"state\":\"uploaded\"}");
        }
        if (asset.find()) {
            return Answer.of(302, "").with("Location", store.address() + "/" + asset.group(1) + "?sig=SIGNATURE");
        }
        if (target.startsWith(REPOSITORY + "/releases/tags/")) {
            String tag = target.substring(target.lastIndexOf('/') + 1);
            return releases.stream()
                    .filter(json -> json.contains("\"tag_name\":\"" + tag + "\""))
                    .findFirst()
                    .map(json -> Answer.of(200, json))
                    .orElseGet(() -> Answer.of(404, "{\"message\":\"Not Found\"}"));
        }
        return target.startsWith(REPOSITORY + "/releases?")
                ? page(asked)
                : Answer.of(404, "{\"message\":\"Not Found\"}");
    }

    private Answer page(Asked asked) {
        Matcher page = PAGE.matcher(asked.target());
        int number = page.find() ? Integer.parseInt(page.group(1)) : 1;
        int from = Math.min((number - 1) * perPage, releases.size());
        int to = Math.min(number * perPage, releases.size());
        String body = "[" + String.join(",", releases.subList(from, to)) + "]";
        String etag = "W/\"" + digest(body).hex() + "\"";
        Answer answer =
                asked.header("If-None-Match").equals(Optional.of(etag)) ? Answer.of(304, "") : Answer.of(200, body);
        if (to < releases.size()) {
            String address = api.address() + REPOSITORY + "/releases?per_page=100&page=";
            answer = answer.with(
                    "Link", "<" + address + "1>; rel=\"first\", <" + address + (number + 1) + ">; rel=\"next\"");
        }
        return answer.with("ETag", etag);
    }

    private synchronized Answer token(Asked asked) {
        tokens++;
        return asked.header("Authorization").orElse("").startsWith("Bearer ey")
                ? Answer.of(
                        201,
                        "{\"token\":\"ghs_installation" + tokens + "\",\"permissions\":{\"contents\":\"read\"},"
                                + "\"expires_at\":\"" + now.plusSeconds(3_600) + "\"}")
                : Answer.of(401, "{\"message\":\"A JSON web token could not be decoded\"}");
    }

    private Answer fetch(Asked asked) {
        Matcher id = Pattern.compile("/(\\d+)\\?sig=SIGNATURE").matcher(asked.target());
        byte[] content = id.matches() ? contents.get(Long.parseLong(id.group(1))) : null;
        if (content == null) {
            return Answer.of(404, "");
        }
        String etag = "\"" + digest(new String(content, UTF_8)).hex() + "\"";
        Optional<String> range = asked.header("Range");
        if (range.isPresent() && asked.header("If-Range").equals(Optional.of(etag))) {
            int start = Integer.parseInt(range.get().replaceAll("\\D", ""));
            if (start >= content.length) {
                return Answer.of(416, "").with("Content-Range", "bytes */" + content.length);
            }
            byte[] rest = Arrays.copyOfRange(content, start, content.length);
            String part = "bytes " + start + "-" + (content.length - 1) + "/" + content.length;
            return tampering.apply(
                    Answer.of(206, rest).with("Content-Range", part).with("ETag", etag));
        }
        return tampering.apply(Answer.of(200, content).with("ETag", etag));
    }
}
