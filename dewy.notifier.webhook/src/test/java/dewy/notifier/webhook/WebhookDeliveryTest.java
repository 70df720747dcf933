package dewy.notifier.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.PluginUrl;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a web hook is asked, and what is made of its answers. */
@Timeout(60)
class WebhookDeliveryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    Path folder;

    private final HttpStandIn server = new HttpStandIn();

    WebhookDeliveryTest() throws IOException {
        server.answer(asked -> Answer.of(200, "ok"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void signsWhatItPostsWithItsTime() throws Exception {
        send(at("/deploys?tls=false&secret=" + file("secret", "a shared secret")));

        Asked asked = server.asked.get(0);
        assertThat(asked.method() + " " + asked.target()).isEqualTo("POST /deploys");
        assertThat(asked.header("Content-Type")).hasValue("application/json");
        assertThat(asked.header("webhook-id")).hasValue("e1");
        assertThat(asked.header("webhook-timestamp")).hasValue(Long.toString(NOW.getEpochSecond()));
        String signed = "e1." + NOW.getEpochSecond() + "." + asked.body();
        assertThat(asked.header("webhook-signature")).hasValue("v1," + hmac("a shared secret".getBytes(UTF_8), signed));
    }

    /** The example of the specification's libraries (github.com/standard-webhooks/standard-webhooks). */
    @Test
    void takesASecretInTheFormOfTheSpecification() throws Exception {
        String key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        send(at("/deploys?tls=false&secret=" + file("secret", "whsec_" + key)));

        Asked asked = server.asked.get(0);
        String signed = "e1." + NOW.getEpochSecond() + "." + asked.body();
        assertThat(asked.header("webhook-signature"))
                .hasValue("v1," + hmac(Base64.getDecoder().decode(key), signed));
    }

    @Test
    void sendsTokensAndHeadersAndReadsThemAnew() throws Exception {
        String url = at("/x?tls=false&token=" + file("token", "tk_1") + "&header=" + file("header", "X-Team: ops"));
        try (Notifier notifier = open(url)) {
            send(notifier);
            file("token", "tk_2");
            send(notifier);
        }
        assertThat(server.asked)
                .extracting(asked -> asked.header("Authorization").orElse(""))
                .containsExactly("Bearer tk_1", "Bearer tk_2");
        assertThat(server.asked)
                .allSatisfy(asked -> assertThat(asked.header("X-Team")).hasValue("ops"));
    }

    @ParameterizedTest
    @CsvSource({
        "header, Content-Length: 3",
        "header, nonsense",
        "secret, whsec_*",
        "url, ftp://x",
        "url, https://me:pw@x/"
    })
    void refusesSecretsThatAreNoneWithoutShowingThem(String parameter, String content) throws Exception {
        String reference = parameter + "=" + file("it", content);
        String url = parameter.equals("url") ? "webhook:?" + reference : at("/x?tls=false&" + reference);
        assertThatThrownBy(() -> send(url))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(folder.resolve("it").toString())
                .hasMessageNotContaining("pw@")
                .hasMessageNotContaining("whsec_*");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void waitsForAsLongAsItIsAskedTo() throws Exception {
        server.answer(asked -> Answer.of(429, "").with("Retry-After", "17"));

        RateLimitedException limit = catchThrowableOfType(RateLimitedException.class, () -> send(at("/x?tls=false")));
        assertThat(limit.until()).isEqualTo(NOW.plusSeconds(17));
        assertThat(server.asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "500, true",
        "502, true",
        "400, false",
        "403, false",
        "404, false",
        "410, false",
        "413, false",
        "302, false"
    })
    void onlyWhatMayGoWellAnotherTimeIsTriedAgain(int status, boolean again) throws Exception {
        server.answer(asked -> Answer.of(status, ""));

        DewyException failure = catchThrowableOfType(DewyException.class, () -> send(at("/x?tls=false")));
        assertThat(failure instanceof UnreachableException).isEqualTo(again);
        assertThat(failure).hasMessageContaining("answered " + status);
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void pingsWhereFailuresAreHeard() throws Exception {
        String failures = file("failures", server.address() + "/it-failed");
        try (Notifier notifier = open(at("/it?tls=false&format=ping&failure-url=" + failures));
                CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            notifier.send(call, Notifications.deployed("e1"));
            notifier.send(call, Notifications.hookFailed("e2"));
        }
        assertThat(server.asked).extracting(Asked::target).containsExactly("/it", "/it-failed");
    }

    private String at(String rest) {
        return "webhook://127.0.0.1:" + server.port() + rest;
    }

    private String file(String name, String content) throws IOException {
        return "file:" + Files.writeString(folder.resolve(name), content);
    }

    private Notifier open(String url) throws InvalidException {
        return new WebhookNotifierProvider(name -> Optional.empty(), () -> NOW)
                .open(PluginUrl.parse(url), TestApp.in(folder));
    }

    private void send(String url) throws Exception {
        try (Notifier notifier = open(url)) {
            send(notifier);
        }
    }

    private static void send(Notifier notifier) throws Exception {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            notifier.send(call, Notifications.deployed("e1"));
        }
    }

    private static String hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    }
}
