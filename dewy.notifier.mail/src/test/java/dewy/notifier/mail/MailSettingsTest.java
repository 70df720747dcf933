package dewy.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.notifier.mail.MailSettings.Encryption;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailSettingsTest {
    private static final TestApp APP = TestApp.in(Path.of("/nowhere"));

    @ParameterizedTest
    @CsvSource({
        "smtp://m.example.com/a@b.c, STARTTLS, 587",
        "mail://m.example.com/a@b.c?tls=true, STARTTLS, 587",
        "mail://m.example.com:2525/a@b.c, STARTTLS, 2525",
        "smtps://m.example.com/a@b.c, TLS, 465",
        "smtp://m.example.com/a@b.c?tls=false, NONE, 25",
        "smtp://[::1]:26/a@b.c?tls=false, NONE, 26"
    })
    void isEncryptedUnlessItIsToldOtherwise(String url, Encryption encryption, int port) throws Exception {
        MailSettings settings = read(url + (url.contains("?") ? "&" : "?") + "from=x@y.z");

        assertThat(settings.encryption()).isEqualTo(encryption);
        assertThat(settings.port()).isEqualTo(port);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(
                        () -> read("smtps://mail.example.com:99999/nobody?tls=false&username=me&subject={colour}&x=1"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("the port is not a number from 1 to 65535")
                .hasMessageContaining("the recipient \"nobody\" is no address")
                .hasMessageContaining("tls=false contradicts smtps://")
                .hasMessageContaining("there is no password for the username me: set MAIL_PASSWORD")
                .hasMessageContaining("there is no sender: give it as from=, or in the environment's MAIL_FROM")
                .hasMessageContaining(
                        "subject has no {colour}; there are {app}, {event}, {host}, {severity}, {text}, {version}")
                .hasMessageContaining("unknown parameter \"x\"");
    }

    @Test
    void sendsAPasswordUnencryptedWithinThisHostOrWhereHttpMayBeAlone() throws Exception {
        String url = "smtp://mail.example.com/a@b.c?tls=false&username=me@b.c&password=x";
        assertThatThrownBy(() -> read(url)).hasMessageContaining("would send the password unencrypted");
        MailSettings settings = MailSettings.of(PluginUrl.parse(url), APP.allowingHttp(true), name -> Optional.empty());
        assertThat(settings.login()).isPresent();
        assertThat(read("smtp://localhost/a@b.c?tls=false&username=me@b.c&password=x")
                        .login())
                .isPresent();
    }

    private static MailSettings read(String url) throws InvalidException {
        return MailSettings.of(PluginUrl.parse(url), APP, name -> Optional.empty());
    }
}
