package dewy.registry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.SharedConnections;
import dewy.registry.s3.Relay.Answer;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What is made of answers that are not the ones hoped for. */
class RefusalsTest extends S3Fixture {
    RefusalsTest() throws IOException {}

    @Test
    void namesTheBucketThatIsNotThere() throws Exception {
        remote.befall(dewy.tck.Trouble.MISSING);
        NotFoundException failure = refused(NotFoundException.class);
        assertThat(failure.problem().why()).startsWith("there is no bucket test-");
    }

    @Test
    void saysWhatToCheckOfWrongCredentials() throws Exception {
        remote.secret = "another";
        assertThat(refused(UnauthorizedException.class))
                .hasMessageContainingAll("SignatureDoesNotMatch", "Check that the credentials are valid")
                .hasMessageNotContaining("another");
    }

    @Test
    void saysThatThereAreNoCredentials() throws Exception {
        S3Access nobody = new S3Access(name -> Optional.empty(), () -> now, new SharedConnections(), () -> () -> {
            throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
        });
        try (var registry =
                new S3RegistryProvider(nobody).open(dewy.api.plugin.PluginUrl.parse(remote.url("app")), app())) {
            DewyException failure =
                    catchThrowableOfType(UnauthorizedException.class, () -> registry.poll(call(), Optional.empty()));
            assertThat(failure).hasMessageContainingAll("there are no credentials", "AWS_ACCESS_KEY_ID");
            assertThat(relay.take()).isEmpty();
        }
    }

    @Test
    void namesTheRegionInWhichTheBucketIs() throws Exception {
        relay.instead =
                asked -> Optional.of(Answer.error(301, "PermanentRedirect").with("x-amz-bucket-region", "ap-south-1"));
        assertThat(refused(InvalidException.class))
                .hasMessageContainingAll("in the region ap-south-1, not eu-west-1", "Write s3://ap-south-1/");
        relay.instead = asked -> Optional.of(Answer.of(
                400,
                "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The region 'eu-west-1' is wrong;"
                        + " expecting 'eu-north-1'</Message></Error>"));
        assertThat(refused(InvalidException.class)).hasMessageContaining("Write s3://eu-north-1/");
    }

    @Test
    void leavesAStoreAloneThatAsksForIt() throws Exception {
        relay.instead = asked -> Optional.of(Answer.error(503, "SlowDown"));
        assertThat(refused(RateLimitedException.class).until()).isEqualTo(NOON.plusSeconds(60));
        relay.instead = asked -> Optional.of(Answer.error(503, "SlowDown").with("retry-after", "7"));
        assertThat(refused(RateLimitedException.class).until()).isEqualTo(NOON.plusSeconds(7));
        relay.instead = asked -> Optional.of(Answer.error(429, "TooManyRequests"));
        assertThat(refused(RateLimitedException.class).until()).isEqualTo(NOON.plusSeconds(60));
        assertThat(relay.take()).as("each was asked once").hasSize(3);
    }

    @Test
    void triesOutagesAgainLater() throws Exception {
        relay.instead = asked -> Optional.of(Answer.error(500, "InternalError"));
        assertThat(refused(UnreachableException.class)).hasMessageContaining("InternalError");
        relay.instead = asked -> Optional.of(Answer.of(502, "<html>Bad Gateway"));
        assertThat(refused(UnreachableException.class)).hasMessageContaining("502");
        assertThat(relay.take()).as("each was asked once").hasSize(2);
    }

    @Test
    void tellsWhatIsNotAllowedFromAWrongClock() throws Exception {
        relay.instead = asked -> Optional.of(Answer.error(403, "AccessDenied"));
        assertThat(refused(UnauthorizedException.class)).hasMessageContaining("s3:ListBucket");
        relay.instead = asked -> Optional.of(Answer.error(403, "RequestTimeTooSkewed"));
        assertThat(refused(UnauthorizedException.class)).hasMessageContaining("Set the clock");
    }

    private <E extends DewyException> E refused(Class<E> type) throws Exception {
        try (var registry = registry()) {
            return catchThrowableOfType(type, () -> registry.poll(call(), Optional.empty()));
        }
    }
}
