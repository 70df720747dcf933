package dewy.notifier.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dewy.api.event.Level;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import dewy.api.plugin.Parameters;
import dewy.notifier.webhook.Format.Post;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is posted keeps to what the services publish, whatever hooks write. */
class FormatsTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final Format.Scene SCENE = scene("https://chat.example/hooks/deploys?key=1");
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"json", "discord", "teams", "mattermost", "google-chat", "ntfy", "pagerduty"})
    void keepsToTheSchema(String format) throws Exception {
        try (InputStream schema = FormatsTest.class.getResourceAsStream(format + ".json")) {
            var rules = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema);
            for (Notification notification : all()) {
                for (Post post : posts(format, notification)) {
                    assertThat(rules.validate(JSON.readTree(post.body())))
                            .as(post.body())
                            .isEmpty();
                    assertThat(post.type()).isEqualTo("application/json");
                }
            }
        }
    }

    @Test
    void staysWithinTheSizesThatNoSchemaTells() throws Exception {
        for (Notification notification : all()) {
            assertThat(only("teams", notification).body().getBytes(UTF_8).length)
                    .isLessThan(28 << 10);
            JsonNode embed = tree("discord", notification).at("/embeds/0");
            int characters = embed.at("/title").asText().length()
                    + embed.at("/description").asText().length();
            for (JsonNode field : embed.at("/fields")) {
                characters += field.at("/name").asText().length()
                        + field.at("/value").asText().length();
            }
            assertThat(characters).isLessThanOrEqualTo(6_000);
            assertThat(tree("ntfy", notification).at("/message").asText().getBytes(UTF_8))
                    .hasSizeLessThanOrEqualTo(4_096);
            assertThat(only("mattermost", notification).body().getBytes(UTF_8).length)
                    .isLessThan(60_000);
        }
    }

    @Test
    void callsNobodyAndLinksNowhere() throws Exception {
        Notification hostile = Notifications.notification(
                "e1",
                Level.INFO,
                Severity.ROUTINE,
                "deployment.completed",
                "@everyone <users/all> [x](http://x) **v** @here");
        assertThat(tree("discord", hostile).at("/allowed_mentions/parse")).isEmpty();
        assertThat(tree("discord", hostile).at("/embeds/0/description").asText())
                .isEqualTo("@\u200beveryone \\<users/all\\> \\[x\\]\\(http://x\\) \\*\\*v\\*\\* @\u200bhere");
        assertThat(tree("google-chat", hostile).at("/text").asText()).contains("<\u200busers/all> ");
        assertThat(tree("mattermost", hostile).at("/attachments/0/text").asText())
                .contains("@\u200bhere");
        assertThat(tree("teams", hostile)
                        .at("/attachments/0/content/body/1/inlines/0/type")
                        .asText())
                .isEqualTo("TextRun");
    }

    @Test
    void showsHowAHookEnded() throws Exception {
        Notification hook = Notifications.hookFailed("e1");
        for (String format : List.of("json", "discord", "teams", "mattermost", "google-chat", "pagerduty")) {
            String body = only(format, hook).body();
            assertThat(body)
                    .as(format)
                    .contains("データベース", "./check --all", "1.2s", "3")
                    .contains("The before-deploy hook of v1.2.3 failed");
        }
        assertThat(tree("json", hook).at("/hook/exit_code").asInt()).isEqualTo(3);
        assertThat(tree("ntfy", hook).at("/priority").asInt()).isEqualTo(5);
    }

    @Test
    void anIncidentIsResolvedByWhatEndsItsTrouble() throws Exception {
        assertThat(incident("outage.began", Severity.FAILURE)).isEqualTo("trigger dewy/host-1/web/outage");
        assertThat(incident("outage.recovered", Severity.RECOVERY)).isEqualTo("resolve dewy/host-1/web/outage");
        assertThat(incident("cycle.failed", Severity.FAILURE)).isEqualTo("trigger dewy/host-1/web/deployment");
        assertThat(incident("release.quarantined", Severity.FAILURE)).isEqualTo("trigger dewy/host-1/web/deployment");
        assertThat(incident("cycle.recovered", Severity.RECOVERY)).isEqualTo("resolve dewy/host-1/web/deployment");
        assertThat(incident("deployment.completed", Severity.ROUTINE)).isEqualTo("resolve dewy/host-1/web/deployment");
        assertThat(posts("pagerduty", event("server.begun", Severity.ROUTINE))).isEmpty();
        JsonNode hook = tree("pagerduty", Notifications.hookFailed("e1"));
        assertThat(hook.at("/routing_key").asText()).isEqualTo(KEY);
        assertThat(hook.at("/payload/severity").asText()).isEqualTo("error");
        assertThat(hook.at("/payload/custom_details/Exit code").asText()).isEqualTo("3");
    }

    @Test
    void aPingGoesToTheAddressOfWhatItTells() throws Exception {
        Post success = only("ping", Notifications.deployed("e1"));
        assertThat(success.to()).hasToString("https://chat.example/hooks/deploys?key=1");
        assertThat(success.body()).isEqualTo("web on host-1: Deployed v1.2.3 in 2s\n");
        assertThat(only("ping", Notifications.hookFailed("e2")).to())
                .hasToString("https://chat.example/hooks/deploys/fail?key=1");
    }

    @Test
    void ntfyIsPostedToAboveItsTopic() throws Exception {
        Post post = only("ntfy", Notifications.deployed("e1"));
        assertThat(post.to()).hasToString("https://chat.example/hooks/");
        assertThat(tree("ntfy", Notifications.deployed("e1")).at("/topic").asText())
                .isEqualTo("deploys");
    }

    private static List<Notification> all() {
        List<Notification> all = new ArrayList<>(List.of(Notifications.deployed("e1"), Notifications.hookFailed("e2")));
        for (String flood : List.of("x", "*", "`", "```", "<", "@", "\n", "\"", "\\", "\u0000", "値", "\ud83d\ude80")) {
            String much = flood.repeat(20_000);
            HookResult hook = new HookResult("before", much, OptionalInt.of(255), much, much, "1h2m", much);
            all.add(event("hook.before_failed", Severity.FAILURE, much).with(hook));
        }
        for (Severity severity : Severity.values()) {
            all.add(event("outage.began", severity));
        }
        return all;
    }

    private static String incident(String type, Severity severity) throws Exception {
        JsonNode body = tree("pagerduty", event(type, severity));
        return body.at("/event_action").asText() + " " + body.at("/dedup_key").asText();
    }

    private static Notification event(String type, Severity severity) {
        return event(type, severity, "some words");
    }

    private static Notification event(String type, Severity severity, String text) {
        return Notifications.notification("e-" + type, Level.INFO, severity, type, text);
    }

    private static JsonNode tree(String format, Notification notification) throws Exception {
        return JSON.readTree(only(format, notification).body());
    }

    private static Post only(String format, Notification notification) throws Exception {
        return posts(format, notification).get(0);
    }

    private static List<Post> posts(String format, Notification notification) throws Exception {
        Parameters parameters = Parameters.of("read", "it", Map.of("format", List.of(format)));
        return Formats.of(parameters).post(notification, SCENE).stream().toList();
    }

    private static Format.Scene scene(String address) {
        Hook hook = new Hook.Open(URI.create(address));
        return new Format.Scene("host-1", hook, new Hook.Below(hook, "/fail"), KEY);
    }
}
