package dewy.notifier.slack;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Provider;
import dewy.api.plugin.Secret;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.NotifierContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class SlackNotifierContractTest extends NotifierContract {
    private final SlackStandIn slack = new SlackStandIn();
    private Optional<SlackNotifierProvider> provider = Optional.empty();

    SlackNotifierContractTest() throws IOException {}

    @BeforeEach
    void writeToken() throws IOException {
        Files.createDirectories(folder.resolve("app"));
        Files.writeString(folder.resolve("token"), SlackFixture.TOKEN);
        provider = Optional.of(new SlackNotifierProvider(new Surroundings(
                name -> name.equals(SlackSettings.API_VARIABLE) ? Optional.of(slack.address()) : Optional.empty(),
                Secret.of("file:" + folder.resolve("token")),
                InstantSource.system(),
                System::nanoTime,
                Surroundings::await)));
    }

    @AfterEach
    void close() throws IOException {
        slack.close();
    }

    @Override
    public Provider<Notifier> provider() {
        return provider.orElseThrow();
    }

    @Override
    public String url() {
        return "slack://deploys?thread=true";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("slack://#deploys?url=ftp://x&thread=2", "url", "thread"),
                WrongUrl.of("slack:///x?title=" + "x".repeat(151), "title"),
                WrongUrl.of("slack://de%20ploys"));
    }

    @Override
    public List<String> secrets() {
        return List.of(SlackFixture.TOKEN);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, UnreachableException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> slack.close();
            case HANGING -> slack.nextAnswer(Answer.SILENCE);
            case REFUSING -> slack.nextAnswer(200, "{\"ok\":false,\"error\":\"invalid_auth\"}");
            case MISSING -> slack.nextAnswer(200, "{\"ok\":false,\"error\":\"channel_not_found\"}");
            case LYING -> slack.nextAnswer(200, "<html>" + SlackFixture.TOKEN + "</html>");
            default -> throw new AssertionError(trouble);
        }
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        Assertions.assertThat(HttpStandIn.within(slack.hanging())).isTrue();
    }

    @Override
    public long asked() {
        return slack.requests().size();
    }

    @Override
    protected List<String> received() {
        return slack.bodies();
    }
}
