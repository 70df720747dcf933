package dewy.notifier.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Provider;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.NotifierContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class WebhookNotifierContractTest extends NotifierContract {
    private static final String TOKEN = "this-must-not-be-seen";
    private static final String PATH = "/hooks/nor-must-this";

    private final HttpStandIn server = new HttpStandIn();
    private final WebhookNotifierProvider provider =
            new WebhookNotifierProvider(name -> Optional.empty(), InstantSource.system());

    WebhookNotifierContractTest() throws IOException {
        server.answer(asked -> Answer.of(204, ""));
    }

    @BeforeEach
    void writeSecrets() throws IOException {
        Files.writeString(folder.resolve("token"), TOKEN);
        Files.writeString(folder.resolve("address"), server.address() + PATH);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Override
    public Provider<Notifier> provider() {
        return provider;
    }

    @Override
    public String url() {
        String token = "file:" + folder.resolve("token");
        return "webhook:?url=file:" + folder.resolve("address") + "&token=" + token + "&secret=" + token;
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("webhook:"),
                WrongUrl.of("webhook://me:" + TOKEN + "@example.com/x"),
                WrongUrl.of("webhook://example.com:x/y?format=telegram&tls=maybe", "format", "tls"),
                WrongUrl.of("webhook://example.com/x?tls=false", "tls"),
                WrongUrl.of("webhook://example.com/x?url=env:HOOK", "url"),
                WrongUrl.of("webhook:?url=https://example.com" + PATH + "&header=" + TOKEN, "url", "header"),
                WrongUrl.of("webhook://example.com/x?format=pagerduty", "token"),
                WrongUrl.of("webhook://example.com/x?failure-url=env:X&ca=/nowhere", "failure-url", "ca"));
    }

    @Override
    public List<String> secrets() {
        return List.of(TOKEN, PATH);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, InvalidException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> server.close();
            case HANGING -> server.answer(asked -> Answer.SILENCE);
            case REFUSING -> server.answer(asked -> Answer.of(401, TOKEN));
            case MISSING -> server.answer(asked -> Answer.of(404, TOKEN));
            case LYING -> server.answer(asked -> Answer.redirect(PATH));
            default -> throw new AssertionError(trouble);
        }
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        assertThat(HttpStandIn.within(server.hanging)).isTrue();
    }

    @Override
    public long asked() {
        return server.asked.size();
    }

    @Override
    protected List<String> received() {
        return server.asked.stream().map(Asked::body).toList();
    }
}
