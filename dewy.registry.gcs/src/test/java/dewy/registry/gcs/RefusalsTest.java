package dewy.registry.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.ServiceAccountCredentials;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.http.SharedConnections;
import dewy.registry.gcs.Relay.Answer;
import dewy.tck.HttpStandIn;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of answers that are not the ones hoped for. */
class RefusalsTest extends GcsFixture {
    RefusalsTest() throws IOException {}

    @Test
    void namesTheBucketThatIsNotThere() throws Exception {
        remote.befall(dewy.tck.Trouble.MISSING);
        NotFoundException failure = refused(NotFoundException.class);
        assertThat(failure.problem().why()).startsWith("there is no bucket test-");
    }

    @Test
    void saysWhatToCheckOfWrongCredentials() throws Exception {
        relay.instead = asked -> Optional.of(Answer.error(401, "authError", "Invalid Credentials"));
        assertThat(refused(UnauthorizedException.class))
                .hasMessageContainingAll("authError", "Check that the credentials are valid")
                .hasMessageNotContaining(GcsServer.TOKEN);
        assertThat(relay.exchanged.get(0).asked().header("authorization")).hasValue("Bearer " + GcsServer.TOKEN);
    }

    @Test
    void saysThatThereAreNoCredentials() throws Exception {
        GcsAccess nobody = access(transports -> {
            throw new IOException("Your default credentials were not found.");
        });
        assertThat(refused(UnauthorizedException.class, nobody))
                .hasMessageContainingAll("there are no credentials", "GOOGLE_APPLICATION_CREDENTIALS");
        assertThat(relay.take()).isEmpty();
    }

    @Test
    void tellsRefusedCredentialsFromATokenServerThatIsDown() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        try (HttpStandIn tokens = new HttpStandIn()) {
            GcsAccess account = access(transports -> ServiceAccountCredentials.newBuilder()
                    .setClientEmail("dewy@project.iam.gserviceaccount.com")
                    .setPrivateKey(pair.getPrivate())
                    .setPrivateKeyId("1")
                    .setTokenServerUri(URI.create(tokens.address()))
                    .setHttpTransportFactory(transports)
                    .setDefaultRetriesEnabled(false)
                    .build());
            tokens.answer(asked -> HttpStandIn.Answer.of(
                    400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}"));
            assertThat(refused(UnauthorizedException.class, account)).hasMessageContaining("invalid_grant");
            tokens.answer(asked -> HttpStandIn.Answer.of(503, "{}"));
            assertThat(refused(UnreachableException.class, account)).hasMessageContaining("credentials");
            assertThat(relay.take()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"429, rateLimitExceeded", "503, backendError", "403, userRateLimitExceeded"})
    void leavesGcsAloneThatAsksForIt(int status, String reason) throws Exception {
        relay.instead = asked -> Optional.of(Answer.error(status, reason, "slow down"));
        assertThat(refused(RateLimitedException.class).until()).isEqualTo(NOON.plusSeconds(60));
        relay.instead =
                asked -> Optional.of(Answer.error(status, reason, "slow down").with("retry-after", "7"));
        RateLimitedException told = refused(RateLimitedException.class);
        assertThat(told.until()).isEqualTo(NOON.plusSeconds(7));
        assertThat(told).hasMessageContaining(reason);
        assertThat(relay.take()).as("each was asked once").hasSize(2);
    }

    @Test
    void triesOutagesAgainLater() throws Exception {
        relay.instead = asked -> Optional.of(Answer.error(500, "backendError", "told to"));
        assertThat(refused(UnreachableException.class)).hasMessageContaining("backendError");
        relay.instead = asked -> Optional.of(Answer.of(502, "<html>Bad Gateway"));
        assertThat(refused(UnreachableException.class)).hasMessageContaining("502");
        assertThat(relay.take()).as("each was asked once").hasSize(2);
    }

    @Test
    void saysWhatIsNotAllowed() throws Exception {
        relay.instead =
                asked -> Optional.of(Answer.error(403, "forbidden", "does not have storage.objects.list access"));
        assertThat(refused(UnauthorizedException.class))
                .hasMessageContainingAll("does not have storage.objects.list access", "storage.objects.get");
    }

    @Test
    void asksAnEmulatorAsNobody() throws Exception {
        remote.environment.put("STORAGE_EMULATOR_HOST", relay.address().replace("http://", ""));
        GcsAccess nobody = new GcsAccess(
                name -> Optional.ofNullable(remote.environment.get(name)),
                () -> now,
                new SharedConnections(),
                transports -> {
                    throw new IOException("nobody is asked for credentials");
                });
        remote.put("app/v1.0.0/app.zip", "1");
        try (var registry =
                new GcsRegistryProvider(nobody).open(PluginUrl.parse("gs://" + remote.bucket + "/app"), app())) {
            assertThat(registry.poll(call(), Optional.empty()).releases().orElseThrow())
                    .hasSize(1);
        }
        assertThat(relay.exchanged.get(0).asked().header("authorization")).isEmpty();
    }

    private GcsAccess access(GcsAccess.Chain chain) {
        return new GcsAccess(name -> Optional.empty(), () -> now, new SharedConnections(), chain);
    }

    private <E extends DewyException> E refused(Class<E> type) throws Exception {
        return refused(type, access);
    }

    private <E extends DewyException> E refused(Class<E> type, GcsAccess by) throws Exception {
        try (var registry = new GcsRegistryProvider(by).open(PluginUrl.parse(remote.url("app")), app())) {
            return catchThrowableOfType(type, () -> registry.poll(call(), Optional.empty()));
        }
    }
}
