package dewy.artifact.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "https://a.example/p/{version}/app_{os}_{arch}.tar.gz, https://a.example/p/v1.0.0+x/app_linux_amd64.tar.gz",
        "https://a.example:8443/{version}/app-{version}.zip,    https://a.example:8443/v1.0.0+x/app-v1.0.0+x.zip",
        "https://a.example/an%20app/{version}.tar,              https://a.example/an%20app/v1.0.0+x.tar",
        "https://a.example/l%C3%A4nder+/{version}.tar,          https://a.example/l%C3%A4nder+/v1.0.0+x.tar",
    })
    void fillsInVersionAndPlatform(String template, String expected) throws InvalidException {
        String encoded = expected.replace("v1.0.0+x", "v1.0.0%2Bx");
        assertThat(template(template).resolve("v1.0.0+x")).hasToString(encoded);
    }

    @Test
    void keepsAVersionInItsPlaceWhateverItHolds() throws InvalidException {
        assertThat(template("https://a.example/{version}/a.tar").resolve("../b?c#{version}"))
                .hasToString("https://a.example/..%2Fb%3Fc%23%7Bversion%7D/a.tar");
    }

    @Test
    void namesTheArtifactByWhatFollowsTheLastSlash() throws InvalidException {
        assertThat(template("https://a.example/{version}/app_{os}_{version}.tar.gz")
                        .name("v1.0.0"))
                .isEqualTo("app_linux_v1.0.0.tar.gz");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/{verison}/a.tar,      unknown placeholder {verison}",
        "https://a.example/{}/a.tar,             unknown placeholder {}",
        "https://a.example/{version/a.tar,       a brace without its partner",
        "https://a.example/{version}/,           does not end in the name of a file",
        "https://a.example,                      does not end in the name of a file",
        "https:///{version}/a.tar,               names no host",
        "https://a example/a.tar,                names no host",
        "https://{version}.example/a.tar,        in its path only",
        "https://me:secret@a.example/a.tar,      it holds a user",
    })
    void refusesWhatCanBeNoAddress(String template, String why) {
        assertThatThrownBy(() -> template(template))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("me:secret");
    }

    private static UrlTemplate template(String text) throws InvalidException {
        PluginUrl url = PluginUrl.parse(text);
        Parameters parameters = Parameters.of(url);
        UrlTemplate template = UrlTemplate.of(url, new Platform("linux", "amd64"), parameters);
        parameters.finish();
        return template;
    }
}
