package dewy.notifier.slack;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A notifier, the stand-in it posts to, and the app it does so for. */
final class SlackFixture implements AutoCloseable {
    static final String TOKEN = "xoxb-1234-this-must-not-be-seen";

    final SlackStandIn slack = new SlackStandIn();
    final FakeTime time = new FakeTime();
    final TestApp app;
    final Map<String, String> environment = new HashMap<>();
    private final Path tokenFile;

    SlackFixture(Path folder) throws IOException {
        app = TestApp.in(Files.createDirectories(folder.resolve("app")));
        tokenFile = folder.resolve("token");
        setToken(TOKEN);
    }

    void setToken(String token) throws IOException {
        Files.writeString(tokenFile, token);
    }

    Notifier open(String url) throws InvalidException {
        return open(url, slack.address());
    }

    Notifier open(String url, String apiAddress) throws InvalidException {
        Surroundings surroundings = new Surroundings(
                variables(apiAddress), Secret.of("file:" + tokenFile), time::now, time::nanoTime, time);
        return new SlackNotifierProvider(surroundings).open(PluginUrl.parse(url), app);
    }

    /** Returns the environment: the address of the API, and what a test put there. */
    private Environment variables(String apiAddress) {
        return name -> name.equals(SlackSettings.API_VARIABLE)
                ? Optional.of(apiAddress)
                : Optional.ofNullable(environment.get(name));
    }

    void send(Notifier notifier, Notification... notifications) throws Exception {
        for (Notification notification : notifications) {
            try (CancellableCall call = time.call(Duration.ofSeconds(30))) {
                notifier.send(call, notification);
            }
        }
    }

    @Override
    public void close() throws IOException {
        slack.close();
    }
}
