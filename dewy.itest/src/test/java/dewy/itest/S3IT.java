package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import dewy.registry.s3.S3Server;
import dewy.tck.HttpStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Releases in a bucket of S3. */
class S3IT extends BucketIT {
    S3IT() throws IOException {
        super(S3Server.start());
        environment.put("AWS_ENDPOINT_URL", relay.address());
        environment.put("AWS_ACCESS_KEY_ID", S3Server.KEY_ID);
        environment.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
    }

    @Override
    String url(String of, String path) {
        return "s3://" + S3Server.REGION + "/" + of + "/" + path;
    }

    @Override
    String secret() {
        return S3Server.SECRET;
    }

    @Override
    Answer busy() {
        return S3Server.refusal(503, "SlowDown");
    }

    @Override
    Answer misled(Answer answer) {
        return answer.with("x-amz-checksum-crc32", "AAAAAA==");
    }

    @Override
    boolean isConditional(Asked asked) {
        return asked.header("if-match").isPresent();
    }

    @Test
    void saysWhatIsWrongWithCredentials() throws Exception {
        environment.put("AWS_SECRET_ACCESS_KEY", "another");
        try (AgentProcess agent = agent()) {
            assertThat(failure(agent)).contains("SignatureDoesNotMatch", "Check that the credentials are valid");
        }
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
        environment.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        try (AgentProcess agent = agent()) {
            assertThat(failure(agent))
                    .contains("there are no credentials", "no credentials for profile 'default'", "AWS_PROFILE")
                    .doesNotContain("..");
        }
    }

    @Test
    void asksAsTheProfileSays() throws Exception {
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.remove("AWS_ACCESS_KEY_ID");
        String profile =
                "[default]\naws_access_key_id=" + S3Server.KEY_ID + "\naws_secret_access_key=" + S3Server.SECRET + "\n";
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE",
                Files.writeString(folder.resolve("credentials"), profile).toString());
        publish("v1.0.0", "one");
        try (AgentProcess agent = agent()) {
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
    }

    /** By modules of the SDK that are found by name, and ask by the HTTP of all plugins. */
    @Test
    void asksAsTheRoleThatATokenInAFileStandsFor() throws Exception {
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy");
        environment.put(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                Files.writeString(folder.resolve("token"), "the.web.token").toString());
        try (HttpStandIn sts = new HttpStandIn()) {
            environment.put("AWS_ENDPOINT_URL_STS", sts.address());
            environment.put("AWS_REGION", S3Server.REGION);
            sts.answer(asked -> HttpStandIn.Answer.of(
                    200,
                    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                            + "<AccessKeyId>ASIAOFTHEROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
                            + "<SessionToken>session</SessionToken><Expiration>"
                            + Instant.now().plusSeconds(3_600)
                            + "</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                            + "</AssumeRoleWithWebIdentityResponse>"));
            relay.instead = asked -> Optional.of(S3Server.refusal(403, "AccessDenied"));
            try (AgentProcess agent = agent()) {
                assertThat(failure(agent)).contains("AccessDenied");
                assertThat(agent.output()).doesNotContain("the.web.token");
            }
            assertThat(sts.asked.get(0).body()).contains("WebIdentityToken=the.web.token", "role%2Fdeploy");
            Asked first = relay.exchanged.get(0).asked();
            assertThat(first.header("authorization").orElse("")).contains("Credential=ASIAOFTHEROLE/");
            assertThat(first.header("x-amz-security-token")).hasValue("session");
        }
    }
}
