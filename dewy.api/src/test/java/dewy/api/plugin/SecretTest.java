package dewy.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretTest {
    @ParameterizedTest
    @CsvSource({
        "https://user:password@host/a.jar, https://***@host/a.jar",
        "https://user:p@ss@host/a.jar, https://***@host/a.jar",
        "https://user:p?ss@host/a.jar, https://***@host/a.jar",
        "https://token@host, https://***@host",
        "https://a/b and https://u:p@c/d, https://a/b and https://***@c/d",
        "https://host/a@b, https://host/a@b",
        "/srv/a@b, /srv/a@b"
    })
    void masksUsersAndPasswordsOfUrls(String text, String shown) {
        assertThat(Secret.masked(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{'api_key': 'abc', 'n': 1}`, `{'api_key': ***, 'n': 1}`",
                "GET https://u:p@host/a?x=1, GET https://***@host/a?x=1",
                "slack://deploys?token=abc&title=x, slack://deploys?token=***&title=x",
                "--db-password=hunter2 --port=1, --db-password=*** --port=1",
                "DB_PASSWORD = 'a b' next, DB_PASSWORD = *** next",
                "Authorization: Bearer abc.def, Authorization: Bearer ***",
                "webhook://host?secret=env:HOOK_SECRET, webhook://host?secret=env:HOOK_SECRET",
                "unexpected token: <, unexpected token: <",
                "one\ttwo, one\ttwo"
            })
    void concealsWhatIsGivenToNamesLikeThoseOfSecrets(String text, String shown) {
        assertThat(Secret.concealed(text)).isEqualTo(shown);
    }

    @Test
    void concealsTheValuesOfVariablesThatAreWithheld() {
        String user = System.getenv().keySet().stream()
                .filter(name ->
                        System.getenv(name).length() > 5 && !System.getenv(name).startsWith("/"))
                .findFirst()
                .orElseThrow();
        Secret.withhold(user);
        assertThat(Secret.concealed("<" + System.getenv(user) + ">")).isEqualTo("<***>");
    }
}
