package dewy.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.event.Event;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import dewy.api.plugin.PluginUrl;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NotificationPolicyTest {
    private final List<Event> events = new ArrayList<>();
    private final EventScope web = new EventStream(() -> Instant.EPOCH, events::add, Runnable::run).scope("web");
    private final NotificationPolicy policy = new NotificationPolicy("web", everything());

    @Test
    void putsDetailsIntoWordsAsTheyAre() {
        web.publish(EventKind.CYCLE_FAILED, "select", "odd {step} of $1\\", Duration.ofSeconds(1));

        assertThat(told()).containsExactly("odd {step} of $1\\");
    }

    @Test
    void namesTheVersionWhoseDeploymentFailedWhereThereIsOne() {
        web.publish(EventKind.CYCLE_FAILED, "fetch", "Cannot download it", Duration.ofSeconds(1), "v1.0.0");
        web.publish(EventKind.CYCLE_FAILED, "poll", "Cannot read [it]", Duration.ofSeconds(1), "");

        assertThat(told()).containsExactly("Deploying v1.0.0 failed: Cannot download it", "Cannot read [it]");
        assertThat(events).allSatisfy(event -> assertThat(event.data()).doesNotContainKey("message"));
    }

    @ParameterizedTest
    @EnumSource(EventKind.class)
    void tellsWhatEndsATroubleFromWhatGoesAsItShould(EventKind kind) {
        boolean ends = kind.type().matches("(app|cycle|outage|registry)\\.(recovered|restored)");
        Severity expected =
                switch (kind.level()) {
                    case DEBUG, INFO -> ends ? Severity.RECOVERY : Severity.ROUTINE;
                    case WARN -> Severity.WARNING;
                    case ERROR -> Severity.FAILURE;
                };
        assertThat(kind.severity()).isEqualTo(expected);
    }

    @Test
    void tellsHowAHookEnded() {
        web.publish(
                EventKind.HOOK_AFTER_FAILED, "after", "make", "exit 3", 3, "out", "err", Duration.ofSeconds(2), "v1");

        assertThat(events).hasSize(1);
        assertThat(new NotificationPolicy("web", everything())
                        .notification(events.get(0))
                        .orElseThrow()
                        .hook())
                .hasValue(new HookResult("after", "make", OptionalInt.of(3), "out", "err", "2s", "exit 3"));
    }

    @Test
    void tellsNobodyAboutOtherApps() {
        new EventStream(() -> Instant.EPOCH, events::add, Runnable::run)
                .scope("other")
                .publish(EventKind.APP_PAUSED, "eve");
        web.publish(EventKind.CYCLE_SKIPPED, "v1.0.0 is deployed");

        assertThat(told()).isEmpty();
    }

    @Test
    void tellsWhatAttemptsRepeatOnce() {
        attempt("d1", "exit 1");
        attempt("d1", "exit 1");
        attempt("d1", "exit 2");

        assertThat(told())
                .containsExactly(
                        "Starting deployment of v1.0.0",
                        "The before-deploy hook failed: exit 1",
                        "The before-deploy hook failed: exit 2");
    }

    @Test
    void tellsTheSameOfAnotherDeploymentAndAfterARecovery() {
        attempt("d1", "exit 1");
        attempt("d2", "exit 1");
        web.publish(EventKind.CYCLE_RECOVERED, 2, Duration.ofSeconds(90));
        attempt("d1", "exit 1");

        assertThat(told()).hasSize(7).contains("Recovered after 1m30s; attempts that failed: 2");
    }

    @Test
    void tellsEachHookOfADeploymentApart() {
        EventScope scope = web.during("d1", "poll", "dewy");
        scope.publish(EventKind.HOOK_SUCCEEDED, "before", "make", "", "", Duration.ofMillis(1_500), "v1.0.0");
        scope.publish(EventKind.HOOK_SUCCEEDED, "after", "make", "", "", Duration.ofMillis(20));

        assertThat(told())
                .containsExactly(
                        "The before-deploy hook of v1.0.0 ended well after 1.5s",
                        "The after-deploy hook ended well after 20ms");
    }

    @Test
    void tellsWhatBelongsToNoDeploymentEachTime() {
        web.publish(EventKind.SERVER_RESTARTED, "v1.0.0");
        web.publish(EventKind.SERVER_RESTARTED, "v1.0.0");

        assertThat(told()).containsExactly("Server restarted for v1.0.0", "Server restarted for v1.0.0");
        assertThat(events.get(0).data()).containsEntry("message", "Server restarted for v1.0.0");
    }

    @Test
    void tellsQuietChannelsOfFailuresAndThatTheyAreOver() throws Exception {
        publishSome();

        assertThat(told("log:?quiet=true"))
                .containsExactly("Cannot poll", "Recovered after 1m30s; attempts that failed: 2", "Cannot poll");
    }

    @Test
    void tellsOfTheEventsThatSomebodyNames() throws Exception {
        publishSome();

        assertThat(told("log:?events=app.*,%20cycle.recovered"))
                .containsExactly("App paused by eve", "Recovered after 1m30s; attempts that failed: 2");
        assertThat(told("log:?events=app.*&events=cycle.*&quiet=true"))
                .containsExactly("Cannot poll", "Recovered after 1m30s; attempts that failed: 2", "Cannot poll");
    }

    /** What it is not told all the same ends what it was. */
    @Test
    void tellsAFailureAnewAfterARecoveryThatNobodyWantedToKnow() throws Exception {
        publishSome();

        assertThat(told("log:?events=cycle.failed")).containsExactly("Cannot poll", "Cannot poll");
    }

    @Test
    void refusesEventsThatNobodyIsToldOf() {
        assertThatThrownBy(() -> Interest.of(PluginUrl.parse("log:?events=app.*,poll.began&quiet=maybe")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("\"poll.began\" fits no event that people are told of, which are app.paused, ")
                .hasMessageContaining("quiet=maybe is neither true nor false");
    }

    private void publishSome() {
        EventScope scope = web.during("d1", "poll", "dewy");
        web.publish(EventKind.APP_PAUSED, "eve");
        scope.publish(EventKind.CYCLE_FAILED, "poll", "Cannot poll", Duration.ofSeconds(1), "");
        scope.publish(EventKind.CYCLE_FAILED, "poll", "Cannot poll", Duration.ofSeconds(1), "");
        web.publish(EventKind.CYCLE_RECOVERED, 2, Duration.ofSeconds(90));
        scope.publish(EventKind.CYCLE_FAILED, "poll", "Cannot poll", Duration.ofSeconds(1), "");
    }

    private List<String> told(String url) throws InvalidException {
        NotificationPolicy asked = new NotificationPolicy("web", Interest.of(PluginUrl.parse(url)));
        return events.stream()
                .flatMap(event -> asked.notification(event).stream())
                .map(Notification::text)
                .toList();
    }

    private static Interest everything() {
        return new Interest(
                false, Arrays.stream(EventKind.values()).map(EventKind::type).collect(Collectors.toSet()));
    }

    private void attempt(String deployment, String error) {
        EventScope scope = web.during(deployment, "poll", "dewy");
        scope.publish(EventKind.DEPLOYMENT_STARTED, "v1.0.0", "", 1);
        scope.publish(EventKind.HOOK_BEFORE_FAILED, "before", "make", error, "", "", "", Duration.ofSeconds(1));
    }

    private List<String> told() {
        return events.stream()
                .flatMap(event -> policy.notification(event).stream())
                .map(Notification::text)
                .toList();
    }
}
