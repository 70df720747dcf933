package dewy.notifier.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.http.Network;
import dewy.tck.TestApp;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackSettingsTest {
    @Test
    void readsEveryParameter() throws Exception {
        SlackSettings settings = read("slack://deploys?title=My%20app&url=https://example.com/&thread=true");

        assertThat(settings)
                .isEqualTo(new SlackSettings(
                        "deploys",
                        "My app",
                        Optional.of(URI.create("https://example.com/")),
                        true,
                        URI.create("https://slack.com/api/"),
                        Network.of(name -> Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"slack://deploys", "slack://deploys/", "slack://C0123ABCD", "slack://デプロイ", "slack://a_b-c.d"})
    void takesNamesAndIdsOfChannels(String url) throws Exception {
        SlackSettings settings = read(url);

        assertThat(settings.thread()).isFalse();
        assertThat(settings.title()).isEqualTo("web");
        assertThat(settings.link()).isEmpty();
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("slack://#deploys?thread=maybe&url=ftp://x&colour=red&threads=true", "nowhere"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("write the channel without #: slack://deploys")
                .hasMessageContaining("thread=maybe is neither true nor false")
                .hasMessageContaining("url=ftp://x is not an address")
                .hasMessageContaining("unknown parameter \"colour\"")
                .hasMessageContaining("unknown parameter \"threads\"")
                .hasMessageContaining("SLACK_API_URL is not an address")
                .hasMessageContaining("It takes title, url, thread");
    }

    @ParameterizedTest
    @CsvSource({
        "slack:,the channel is missing",
        "slack:deploys,the channel is missing",
        "slack://a b,neither the name of a channel nor its id",
        "slack://deploys/more,nothing but parameters may follow"
    })
    void needsAChannelAndNothingElse(String url, String complaint) {
        assertThatThrownBy(() -> read(url)).isInstanceOf(InvalidException.class).hasMessageContaining(complaint);
    }

    @Test
    void refusesATitleThatFillsTheScreen() {
        assertThatThrownBy(() -> read("slack://deploys?title=" + "x".repeat(151)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("title is longer than 150 characters");
    }

    @ParameterizedTest
    @CsvSource({
        "https://relay.example/slack,https://relay.example/slack/",
        "https://relay.example/slack/,https://relay.example/slack/",
        "http://127.0.0.1:8080/api,http://127.0.0.1:8080/api/",
        "http://localhost,http://localhost/"
    })
    void takesTheAddressOfTheApiFromTheEnvironment(String given, URI address) throws Exception {
        assertThat(read("slack://deploys", given).api()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:pw@relay.example/", "https://relay.example/?a=b", "mailto:x", "https:///api"})
    void refusesAnAddressThatCannotBeTheApi(String given) {
        assertThatThrownBy(() -> read("slack://deploys", given))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("SLACK_API_URL is not an address")
                .hasMessageNotContaining("pw");
    }

    @Test
    void doesNotSendTheTokenUnencryptedToAnotherHost() {
        assertThatThrownBy(() -> read("slack://deploys", "http://127.example.com/"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("would send the token unencrypted");
    }

    private static SlackSettings read(String url) throws InvalidException {
        return read(url, "");
    }

    private static SlackSettings read(String url, String api) throws InvalidException {
        return SlackSettings.of(PluginUrl.parse(url), TestApp.in(Path.of("/nowhere")), name -> Optional.of(api)
                .filter(set -> name.equals(SlackSettings.API_VARIABLE) && !set.isEmpty()));
    }
}
