package dewy.registry.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.CancellableCall;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.http.SharedConnections;
import dewy.tck.Content;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.TestApp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
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
public final class FakeGitHub implements InstantSource, AutoCloseable {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final String REPOSITORY = "/repos/acme/app";

    private static final String USER =
            """
            {"login":"octocat","id":7,"node_id":"U_7","avatar_url":"https://elsewhere.example/7","gravatar_id":"",
             "url":"https://elsewhere.example/7","html_url":"https://elsewhere.example/7","type":"User",
             "followers_url":"https://elsewhere.example/7","following_url":"https://elsewhere.example/{other_user}",
             "gists_url":"https://elsewhere.example/{gist_id}","starred_url":"https://elsewhere.example/{owner}",
             "subscriptions_url":"https://elsewhere.example/7","organizations_url":"https://elsewhere.example/7",
             "repos_url":"https://elsewhere.example/7","events_url":"https://elsewhere.example/{privacy}",
             "received_events_url":"https://elsewhere.example/7","site_admin":false}""";

    private static final String ASSET_JSON =
            """
            {"url":"%7$s/repos/acme/app/releases/assets/%1$d","id":%1$d,"node_id":"RA_%1$d","name":"%2$s","label":null,
             "uploader":%6$s,"content_type":"application/octet-stream","state":"%5$s","size":%3$d,"digest":%4$s,
             "download_count":0,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",
             "browser_download_url":"https://elsewhere.example/%1$d/%2$s"}""";

    private static final String RELEASE_JSON =
            """
            {"url":"%6$s/repos/acme/app/releases/%1$d","assets_url":"%6$s/repos/acme/app/releases/%1$d/assets",
             "upload_url":"%6$s/repos/acme/app/releases/%1$d/assets{?name,label}","id":%1$d,"node_id":"RE_%1$d",
             "html_url":"https://elsewhere.example/%1$d","author":%4$s,"tag_name":"%2$s","target_commitish":"main",
             "name":"the name","draft":%3$s,"immutable":false,"prerelease":false,"created_at":"2026-01-01T00:00:00Z",
             "updated_at":"2026-01-01T00:00:00Z","published_at":%5$s,"assets":[%7$s],"tarball_url":null,
             "zipball_url":null,"body":"notes"}""";

    private static final Pattern PAGE = Pattern.compile("[?&]page=(\\d+)");
    private static final Pattern ASSET = Pattern.compile("/releases/assets/(\\d+)");

    public final HttpStandIn api;
    public final HttpStandIn store;
    public final Map<String, String> environment = new ConcurrentHashMap<>();
    /** Releases in JSON, the newest first. */
    public final List<String> releases = new CopyOnWriteArrayList<>();

    final Map<Long, Content> contents = new ConcurrentHashMap<>();
    /** What the API was asked, with its own answers to it. */
    final List<Exchanged> exchanges = new CopyOnWriteArrayList<>();

    private final Map<Content, Digest> digests = new ConcurrentHashMap<>();
    volatile Instant now = NOON;
    /** How far its clock is ahead of the client's. */
    volatile Duration ahead = Duration.ZERO;

    volatile int perPage = 100;
    /** Changes what the store answers. */
    public volatile UnaryOperator<Answer> tampering = answer -> answer;
    /** What the API answers before anything else. */
    public final Map<String, Answer> instead = new ConcurrentHashMap<>();

    /** A request to the API and its answer. */
    record Exchanged(Asked asked, Answer answer) {}

    private long ids = 1_000;
    private int tokens;

    public FakeGitHub() throws IOException {
        this(new HttpStandIn(), new HttpStandIn());
    }

    /** Makes one of two servers: the API, and the store of the assets. */
    FakeGitHub(HttpStandIn api, HttpStandIn store) {
        this.api = api;
        this.store = store;
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
        return new GitHubAccess(
                name -> Optional.ofNullable(environment.get(name)),
                this,
                new SharedConnections(Duration.ofSeconds(20)));
    }

    GitHubRegistry registry() throws Exception {
        return registry(access());
    }

    GitHubRegistry registry(GitHubAccess access) throws Exception {
        return (GitHubRegistry) new GitHubRegistryProvider(access).open(url(), TestApp.in(Path.of(".")));
    }

    GitHubArtifactSource source() throws Exception {
        return source(access());
    }

    GitHubArtifactSource source(GitHubAccess access) throws Exception {
        return (GitHubArtifactSource) new GitHubArtifactProvider(access).open(url(), TestApp.in(Path.of(".")));
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
        return asset(name, Content.of(content), digest, state);
    }

    /** Stores the content of an asset, and returns the asset in JSON. */
    public String asset(String name, Content content, String digest, String state) {
        long id = ids++;
        contents.put(id, content);
        return ASSET_JSON.formatted(id, name, content.length(), digest, state, USER, api.address());
    }

    static Digest digest(String content) {
        return digest(Content.of(content));
    }

    public static Digest digest(Content content) {
        MessageDigest calculation = Digest.calculation("sha256");
        try (InputStream in = new DigestInputStream(content.open(0), calculation)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.of(calculation);
    }

    /** Publishes a release as the newest one. */
    public void release(String tag, String... assets) {
        releases.add(0, json(tag, false, assets));
    }

    String json(String tag, boolean draft, String... assets) {
        String published = draft ? "null" : "\"2026-02-03T04:05:06Z\"";
        return RELEASE_JSON.formatted(ids++, tag, draft, USER, published, api.address(), String.join(",", assets));
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
        Answer answer = own(asked);
        exchanges.add(new Exchanged(asked, answer));
        return answer;
    }

    private Answer own(Asked asked) {
        String target = asked.target();
        Matcher asset = ASSET.matcher(target);
        if (target.startsWith("/app/installations/")) {
            return token(asked);
        }
        if (asked.method().equals("POST")) {
            return json(201, asset("audit.txt", asked.body()));
        }
        if (asset.find()) {
            return Answer.of(302, "").with("Location", store.address() + "/" + asset.group(1) + "?sig=SIGNATURE");
        }
        if (target.startsWith(REPOSITORY + "/releases/tags/")) {
            String tag = target.substring(target.lastIndexOf('/') + 1);
            return releases.stream()
                    .filter(json -> json.contains("\"tag_name\":\"" + tag + "\""))
                    .findFirst()
                    .map(json -> json(200, json))
                    .orElseGet(FakeGitHub::notFound);
        }
        return target.startsWith(REPOSITORY + "/releases?") ? page(asked) : notFound();
    }

    private static Answer notFound() {
        return json(404, "{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.example\"}");
    }

    private static Answer json(int status, String body) {
        return Answer.of(status, body).with("Content-Type", "application/json; charset=utf-8");
    }

    private Answer page(Asked asked) {
        Matcher page = PAGE.matcher(asked.target());
        int number = page.find() ? Integer.parseInt(page.group(1)) : 1;
        int from = Math.min((number - 1) * perPage, releases.size());
        int to = Math.min(number * perPage, releases.size());
        String body = "[" + String.join(",", releases.subList(from, to)) + "]";
        String etag = "W/\"" + digest(body).hex() + "\"";
        Answer answer = asked.header("If-None-Match").equals(Optional.of(etag)) ? Answer.of(304, "") : json(200, body);
        if (to < releases.size()) {
            String address = api.address() + REPOSITORY + "/releases?per_page=100&page=";
            answer = answer.with(
                    "Link", "<" + address + "1>; rel=\"first\", <" + address + (number + 1) + ">; rel=\"next\"");
        }
        return answer.with("ETag", etag).with("x-ratelimit-remaining", "4990");
    }

    private synchronized Answer token(Asked asked) {
        tokens++;
        Instant there = now.plus(ahead);
        Answer answer = isCurrent(asked.header("Authorization").orElse(""), there)
                ? json(
                        201,
                        "{\"token\":\"ghs_installation" + tokens + "\",\"permissions\":{\"contents\":\"read\"},"
                                + "\"expires_at\":\"" + there.plusSeconds(3_600) + "\"}")
                : json(401, "{\"message\":\"A JSON web token could not be decoded\"}");
        return answer.with("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(there.atOffset(ZoneOffset.UTC)));
    }

    /** Returns whether a JWT is issued before now, and expires after now but within ten minutes, as GitHub demands. */
    private static boolean isCurrent(String authorization, Instant there) {
        String[] parts = authorization.split("\\.", -1);
        String claims = parts.length == 3 ? new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8) : "";
        Matcher times = Pattern.compile("\"iat\":(\\d+),\"exp\":(\\d+)").matcher(claims);
        if (!authorization.startsWith("Bearer ey") || !times.find()) {
            return false;
        }
        long issued = Long.parseLong(times.group(1));
        long expires = Long.parseLong(times.group(2));
        long second = there.getEpochSecond();
        return issued <= second && expires > second && expires <= second + 600;
    }

    private Answer fetch(Asked asked) {
        Matcher id = Pattern.compile("/(\\d+)\\?sig=SIGNATURE").matcher(asked.target());
        Content content =
                id.matches() ? contents.getOrDefault(Long.parseLong(id.group(1)), Content.NONE) : Content.NONE;
        if (content == Content.NONE) {
            return Answer.of(404, "");
        }
        long length = content.length();
        String etag =
                "\"" + digests.computeIfAbsent(content, FakeGitHub::digest).hex() + "\"";
        Optional<String> range = asked.header("Range");
        if (range.isPresent() && asked.header("If-Range").equals(Optional.of(etag))) {
            long start = Long.parseLong(range.get().replaceAll("\\D", ""));
            if (start >= length) {
                return Answer.of(416, "").with("Content-Range", "bytes */" + length);
            }
            String part = "bytes " + start + "-" + (length - 1) + "/" + length;
            Answer rest = Answer.of(206, content, start);
            return tampering.apply(rest.with("Content-Range", part).with("ETag", etag));
        }
        return tampering.apply(Answer.of(200, content, 0).with("ETag", etag));
    }
}
