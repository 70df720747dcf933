package dewy.notifier.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SlackDeliveryTest {
    @TempDir
    Path folder;

    private SlackFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new SlackFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void aConfirmedMessageIsNotSentAgain() throws Exception {
        Notifier notifier = fixture.open("slack://deploys");
        Notification notification = Events.downloaded("d1");
        fixture.send(notifier, notification, notification);

        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    @Test
    void aConfirmationWithoutANameIsStillOne() throws Exception {
        fixture.slack.nextAnswer(200, "{\"ok\":true}");
        Notifier notifier = fixture.open("slack://deploys?thread=true");
        Notification notification = Events.downloaded("d1");
        fixture.send(notifier, notification, notification);

        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    @Test
    void waitsAsLongAsSlackAsksFor() throws Exception {
        limit("7");
        fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1"));

        assertThat(fixture.time.waits()).containsExactly(Duration.ofSeconds(7));
        assertThat(fixture.slack.bodies()).hasSize(2);
    }

    @Test
    void waitsAsLongAsAnOutageLasts() throws Exception {
        fixture.slack.nextAnswer(Answer.of(503, "").with("Retry-After", "7"));
        fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1"));

        assertThat(fixture.time.waits()).containsExactly(Duration.ofSeconds(7));
        assertThat(fixture.slack.bodies()).hasSize(2);
    }

    @Test
    void neverAsksAgainAtOnce() throws Exception {
        limit("0");
        fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1"));

        assertThat(fixture.time.waits()).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void failsWhenSlackAsksForMoreTimeThanThereIs() throws Exception {
        limit("30");
        Notifier notifier = fixture.open("slack://deploys");

        RateLimitedException failure =
                catchThrowableOfType(RateLimitedException.class, () -> fixture.send(notifier, Events.downloaded("d1")));
        assertThat(failure.until()).isEqualTo(FakeTime.START.plusSeconds(30));
        assertThat(fixture.time.waits()).isEmpty();
        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    @Test
    void doesNotAskWhileALimitLastsAndTheRestOfItFitsIntoTheNextCall() throws Exception {
        limit("60");
        Notifier notifier = fixture.open("slack://deploys");
        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(RateLimitedException.class);
        fixture.time.pass(Duration.ofSeconds(20));
        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("Slack takes no more messages for 40 s");
        assertThat(fixture.slack.bodies()).hasSize(1);
        fixture.time.pass(Duration.ofSeconds(30));
        fixture.send(notifier, Events.downloaded("d1"));

        assertThat(fixture.time.waits()).containsExactly(Duration.ofSeconds(10));
        assertThat(fixture.slack.bodies()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ratelimited", "rate_limited", "message_limit_exceeded"})
    void knowsALimitByItsNameToo(String error) throws Exception {
        fixture.slack.nextAnswer(200, "{\"ok\":false,\"error\":\"" + error + "\"}");

        assertThatThrownBy(() -> fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1")))
                .isInstanceOf(RateLimitedException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_auth,UnauthorizedException,Set SLACK_TOKEN to the Bot User OAuth Token",
        "not_authed,UnauthorizedException,Set SLACK_TOKEN",
        "token_revoked,UnauthorizedException,Set SLACK_TOKEN",
        "token_expired,UnauthorizedException,Set SLACK_TOKEN",
        "account_inactive,UnauthorizedException,Set SLACK_TOKEN",
        "not_allowed_token_type,UnauthorizedException,begins with xoxb-",
        "missing_scope,UnauthorizedException,Add the scope chat:write to the Slack app",
        "not_in_channel,UnauthorizedException,Invite the Slack app to the channel",
        "restricted_action,UnauthorizedException,Ask who administers the workspace",
        "channel_not_found,NotFoundException,Check the channel's name",
        "is_archived,InvalidException,Restore the channel from the archive",
        "msg_too_long,InvalidException,Look the word up",
        "thread_not_found,InvalidException,Look the word up",
        "internal_error,UnreachableException,Slack has a problem of its own",
        "service_unavailable,UnreachableException,Slack has a problem of its own"
    })
    void saysWhatToDoAboutWhatSlackRefuses(String error, String type, String advice) {
        fixture.slack.nextAnswer(200, "{\"ok\":false,\"error\":\"" + error + "\"}");

        DewyException failure = failure();
        assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
        assertThat(failure)
                .hasMessageStartingWith("Cannot post to the Slack channel \"deploys\": Slack answered " + error + ". ")
                .hasMessageContaining(advice);
        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    @Test
    void namesTheScopeThatIsMissing() {
        fixture.slack.nextAnswer(
                200,
                "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write.customize\",\"provided\":\"x\"}");

        assertThat(failure()).hasMessageContaining("Add the scope chat:write.customize to");
    }

    @ParameterizedTest
    @CsvSource({
        "500,UnreachableException",
        "503,UnreachableException",
        "401,UnauthorizedException",
        "403,UnauthorizedException",
        "404,NotFoundException",
        "400,InvalidException",
        "302,InvalidException"
    })
    void typesWhatHttpSays(int status, String type) {
        fixture.slack.nextAnswer(
                Answer.of(status, "{\"ok\":true,\"ts\":\"1.2\"}").with("Location", "/elsewhere"));

        DewyException failure = failure();
        assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
        assertThat(failure).hasMessageContaining("answered " + status);
        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Sign in</html>", "", "[]", "{}", "{\"ok\":", "{\"ok\":null}"})
    void noticesThatSomethingElseAnswers(String body) {
        fixture.slack.nextAnswer(200, body);

        assertThat(failure())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("what answered is not Slack");
    }

    @Test
    void givesUpOnAnAnswerWithoutEnd() {
        fixture.slack.nextAnswer(200, "{\"ok\":true,\"x\":\"" + "x".repeat(1 << 20) + "\"}");

        assertThat(failure())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("is longer than 1048576 bytes");
    }

    @Test
    void doesNotSendAgainWhatMayHaveArrivedBeforeTheConnectionWasCut() {
        fixture.slack.nextAnswer(Answer.of(200, "{").with("Content-Length", "1000"));

        assertThat(failure())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("Whether it arrived is not known");
        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    @Test
    void tellsThatNobodyAnswers() throws Exception {
        Notifier notifier = fixture.open("slack://deploys", "http://127.0.0.1:" + ServerProgram.freePort());

        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("Check the network")
                .hasMessageNotContaining("Whether it arrived");
    }

    @Test
    void endsTheRequestWhenItsCallIsCancelled() throws Exception {
        fixture.slack.nextAnswer(Answer.SILENCE);
        Notifier notifier = fixture.open("slack://deploys");
        try (CancellableCall call = fixture.time.call(Duration.ofSeconds(30))) {
            CompletableFuture<Void> sent = sending(notifier, call);
            assertThat(HttpStandIn.within(fixture.slack.hanging())).isTrue();
            call.cancel("the app was stopped");

            assertThatThrownBy(sent::join)
                    .hasCauseInstanceOf(CancelledException.class)
                    .hasMessageContaining("the app was stopped");
        }
    }

    @Test
    void endsTheRequestWhenItsTimeIsOver() throws Exception {
        fixture.slack.nextAnswer(Answer.SILENCE);
        Notifier notifier = fixture.open("slack://deploys");
        try (CancellableCall call = fixture.time.call(Duration.ofSeconds(30))) {
            CompletableFuture<Void> sent = sending(notifier, call);
            assertThat(HttpStandIn.within(fixture.slack.hanging())).isTrue();
            call.expire();

            assertThatThrownBy(sent::join)
                    .hasCauseInstanceOf(ExpiredException.class)
                    .hasMessageContaining("did not answer within the time allowed");
        }
    }

    @Test
    void keepsTheDeadlineByItself() throws Exception {
        fixture.slack.nextAnswer(Answer.SILENCE);
        try (CancellableCall call = fixture.time.call(Duration.ofMillis(200))) {
            assertThatThrownBy(() -> fixture.open("slack://deploys").send(call, Events.downloaded("d1")))
                    .isInstanceOf(ExpiredException.class);
        }
    }

    @Test
    void postsNothingWhenNobodyWantsItAnyMore() throws Exception {
        Notifier notifier = fixture.open("slack://deploys");
        try (CancellableCall call = fixture.time.call(Duration.ofSeconds(30))) {
            call.cancel("the app was removed");
            assertThatThrownBy(() -> notifier.send(call, Events.downloaded("d1")))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(fixture.slack.bodies()).isEmpty();
    }

    @Test
    void readsTheTokenAnewForEachMessageAndFollowsAReference() throws Exception {
        Notifier notifier = fixture.open("slack://deploys");
        fixture.send(notifier, Events.downloaded("d1"));
        Path elsewhere = Files.writeString(folder.resolve("credential"), "xoxb-second\n");
        fixture.setToken("file:" + elsewhere);
        fixture.send(notifier, Events.downloaded("d1"));

        assertThat(fixture.slack.requests().get(1).header("Authorization")).hasValue("Bearer xoxb-second");
    }

    @Test
    void opensWithoutATokenAndMissesItWhenItIsUsed() throws Exception {
        Files.delete(folder.resolve("token"));
        Notifier notifier = fixture.open("slack://deploys");

        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Cannot fetch the secret file:");
        assertThat(fixture.slack.bodies()).isEmpty();
    }

    private void limit(String seconds) {
        fixture.slack.nextAnswer(
                Answer.of(429, "{\"ok\":false,\"error\":\"ratelimited\"}").with("Retry-After", seconds));
    }

    private DewyException failure() {
        return catchThrowableOfType(
                DewyException.class, () -> fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1")));
    }

    private static CompletableFuture<Void> sending(Notifier notifier, CancellableCall call) {
        return CompletableFuture.runAsync(() -> {
            try {
                notifier.send(call, Events.downloaded("d1"));
            } catch (DewyException e) {
                throw new CompletionException(e);
            }
        });
    }
}
