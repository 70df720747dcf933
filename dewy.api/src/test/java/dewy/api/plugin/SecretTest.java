package dewy.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;

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
}
