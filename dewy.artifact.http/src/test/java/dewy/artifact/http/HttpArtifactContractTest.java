package dewy.artifact.http;

import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Provider;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.http.SharedConnections;
import dewy.tck.ArtifactContract;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.TestApp;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class HttpArtifactContractTest extends ArtifactContract {
    private static final String SECRET = "this-must-not-be-seen";

    private final HttpStandIn server = new HttpStandIn();
    private final HttpArtifactProvider provider = new HttpArtifactProvider(
            name -> Optional.empty(),
            InstantSource.fixed(Fetching.NOON),
            new SharedConnections(Duration.ofSeconds(20)));
    private String content = "";
    private final Map<String, String> beside = new HashMap<>();
    private UnaryOperator<Answer> tampering = answer -> answer;

    HttpArtifactContractTest() throws IOException {}

    @BeforeEach
    void writeSecret() throws IOException {
        Files.writeString(folder.resolve("header"), "X-Token: " + SECRET);
        server.answer(message -> tampering.apply(serve(message)));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Override
    public Provider<ArtifactSource> provider() {
        return provider;
    }

    @Override
    public AppContext app() {
        return TestApp.in(folder.resolve("app")).allowingHttp(true);
    }

    @Override
    public String url() {
        return server.address() + "/{version}/app.tar.gz?header=file:" + folder.resolve("header");
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("https://a.example/{what}/a.tar?header=X:" + SECRET + "&ca=/no", "header", "ca"),
                WrongUrl.of("https://me:" + SECRET + "@{version}.example/a.tar"),
                WrongUrl.of("https:///{version}/a.tar?header=env", "header"),
                WrongUrl.of("https://a.example/{version}/"));
    }

    @Override
    public List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.STALLING, UnreachableException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, CorruptException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> server.close();
            case HANGING -> tampering = answer -> Answer.SILENCE;
            case STALLING -> tampering = answer -> answer.cutAt(1_000).hanging();
            case BREAKING_OFF -> tampering = answer -> answer.cutAt(1_000);
            case REFUSING -> tampering = answer -> Answer.of(401, "who are you, " + SECRET + "?");
            case MISSING -> tampering = answer -> Answer.of(404, "");
            case LYING -> tampering = answer -> Answer.of(200, "another length");
        }
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        Assertions.assertThat(HttpStandIn.within(server.hanging)).isTrue();
    }

    @Override
    public long asked() {
        return server.asked.size();
    }

    @Override
    protected void publish(String published) {
        content = published;
    }

    @Override
    protected void publishBeside(String ending, String signature) {
        beside.put("/v1.0.0/app.tar.gz" + ending, signature);
    }

    /** Its size is known, as a registry may tell it. */
    @Override
    protected Deliverable published() {
        return deliverable("v1.0.0");
    }

    @Override
    protected Deliverable unpublished() {
        return deliverable("v9.9.9");
    }

    private Deliverable deliverable(String tag) {
        Artifact artifact = Artifact.archive("app.tar.gz", "").withSize(content.length());
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }

    private Answer serve(Asked message) {
        String etag = "\"" + Fetching.digest(content).hex() + "\"";
        String signature = beside.get(message.target());
        if (signature != null) {
            return Answer.of(200, signature);
        }
        if (!message.target().equals("/v1.0.0/app.tar.gz")) {
            return Answer.of(404, "");
        }
        Optional<String> range = message.header("Range");
        if (range.isEmpty() || !message.header("If-Range").equals(Optional.of(etag))) {
            return Answer.of(200, content).with("ETag", etag);
        }
        int start = Integer.parseInt(range.get().replaceAll("\\D", ""));
        return start >= content.length()
                ? Answer.of(416, "").with("Content-Range", "bytes */" + content.length())
                : Answer.of(206, content.substring(start))
                        .with("ETag", etag)
                        .with(
                                "Content-Range",
                                "bytes " + start + "-" + (content.length() - 1) + "/" + content.length());
    }
}
