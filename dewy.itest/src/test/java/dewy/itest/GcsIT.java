package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import dewy.registry.gcs.GcsServer;
import dewy.tck.HttpStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Releases in a bucket of GCS. */
class GcsIT extends BucketIT {
    GcsIT() throws IOException {
        super(GcsServer.start());
        environment.put("STORAGE_EMULATOR_HOST", relay.address());
        environment.put("NO_GCE_CHECK", "true");
    }

    @Override
    String url(String of, String path) {
        return "gs://" + of + "/" + path;
    }

    @Override
    String secret() {
        return GcsServer.TOKEN;
    }

    @Override
    Answer busy() {
        return GcsServer.refusal(429, "rateLimitExceeded", "slow down");
    }

    @Override
    Answer misled(Answer answer) {
        return answer.with("x-goog-hash", "crc32c=AAAAAA==");
    }

    @Override
    boolean isConditional(Asked asked) {
        return asked.target().contains("ifGenerationMatch=");
    }

    @Test
    void saysThatThereAreNoCredentials() throws Exception {
        environment.remove("STORAGE_EMULATOR_HOST");
        environment.put("CLOUDSDK_CONFIG", folder.resolve("none").toString());
        try (AgentProcess agent = agentOfEndpoint()) {
            assertThat(failure(agent))
                    .contains("there are no credentials", "set-up-adc. Set GOOGLE_APPLICATION_CREDENTIALS")
                    .doesNotContain("..");
        }
        assertThat(relay.exchanged).isEmpty();
    }

    /** The key of a service account stands for a token; what is refused is told until it no longer is. */
    @Test
    void asksAsTheServiceAccountWhoseKeyIsInAFile() throws Exception {
        environment.remove("STORAGE_EMULATOR_HOST");
        publish("v1.0.0", "one");
        try (HttpStandIn tokens = new HttpStandIn()) {
            environment.put(
                    "GOOGLE_APPLICATION_CREDENTIALS", key(tokens.address()).toString());
            tokens.answer(asked -> HttpStandIn.Answer.of(
                    400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}"));
            try (AgentProcess agent = agentOfEndpoint()) {
                assertThat(failure(agent)).contains("invalid_grant", "Check that they are valid");
                assertThat(relay.exchanged).isEmpty();
                relay.instead = asked -> Optional.of(GcsServer.refusal(401, "authError", "Invalid Credentials"));
                tokens.answer(asked -> HttpStandIn.Answer.of(
                        200,
                        "{\"access_token\":\"" + GcsServer.TOKEN
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}"));
                assertThat(failure(agent, "authError")).contains("Check that the credentials are valid");
                relay.instead = asked -> Optional.of(GcsServer.refusal(403, "forbidden", "no access"));
                assertThat(failure(agent, "forbidden")).contains("storage.objects.list");
                relay.instead = asked -> Optional.empty();
                agent.await("Deployment completed");
                assertThat(page()).hasContent("one");
                assertThat(agent.output()).doesNotContain(GcsServer.TOKEN, "PRIVATE KEY");
            }
        }
        assertThat(relay.exchanged)
                .allMatch(one -> one.asked().header("authorization").equals(Optional.of("Bearer " + GcsServer.TOKEN)));
    }

    private AgentProcess agentOfEndpoint() throws IOException {
        return start(folder.resolve("app"), url(bucket, "app") + "?endpoint=" + relay.address());
    }

    private Path key(String tokens) throws IOException, GeneralSecurityException {
        byte[] key = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----\\n" + Base64.getEncoder().encodeToString(key)
                + "\\n-----END PRIVATE KEY-----\\n";
        return Files.writeString(
                folder.resolve("key.json"),
                """
                {"type": "service_account", "project_id": "test", "private_key_id": "1", "private_key": "%s",
                 "client_email": "dewy@test.iam.gserviceaccount.com", "client_id": "1", "token_uri": "%s"}
                """
                        .formatted(pem, tokens));
    }
}
