package dewy.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Provider;
import dewy.tck.HttpStandIn;
import dewy.tck.NotifierContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class MailNotifierContractTest extends NotifierContract {
    private static final String PASSWORD = "this-must-not-be-seen";

    private final SmtpStandIn server = new SmtpStandIn();
    private final MailNotifierProvider provider = new MailNotifierProvider(name -> Optional.empty());

    MailNotifierContractTest() throws IOException {}

    @BeforeEach
    void writePassword() throws IOException {
        Files.writeString(folder.resolve("password"), PASSWORD);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Override
    public Provider<Notifier> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "smtp://127.0.0.1:" + server.port() + "/ops@example.com,boss@example.com?tls=false&from=dewy@example.com"
                + "&username=dewy&subject={text}&password=file:" + folder.resolve("password");
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of(
                        "mail://mail.example.com/to@example.com?tls=maybe&from=nobody&subject={colour}",
                        "tls",
                        "from",
                        "subject"),
                WrongUrl.of("smtp://user:" + PASSWORD + "@mail.example.com/to@example.com?from=a@example.com"),
                WrongUrl.of("smtp://mail.example.com:0/to@example.com?from=a@example.com"),
                WrongUrl.of("smtp://mail.example.com/to@example.com,nobody?from=a@example.com"),
                WrongUrl.of("smtp://mail.example.com?from=a@example.com&ca=/nowhere", "ca"),
                WrongUrl.of("smtp:///to@example.com"),
                WrongUrl.of("smtps://mail.example.com/to@example.com?from=a@example.com&tls=false", "tls"),
                WrongUrl.of("smtp://mail.example.com/to@example.com?from=a@example.com&password=x", "password"),
                WrongUrl.of("smtp://mail.example.com/to@example.com?username=a@example.com", "username"),
                WrongUrl.of(
                        "smtp://mail.example.com/to@example.com?username=a@example.com&password=x&tls=false", "tls"));
    }

    @Override
    public List<String> secrets() {
        return List.of(PASSWORD);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, InvalidException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.LYING, UnreachableException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> server.close();
            case HANGING -> server.answer("MAIL", SmtpStandIn.SILENCE);
            case REFUSING -> server.answer("AUTH", "535 5.7.8 " + PASSWORD + " is not the password");
            case MISSING -> server.answer("RCPT", "550 5.1.1 there is no such user, " + PASSWORD);
            case BREAKING_OFF -> server.answer("RCPT", SmtpStandIn.END);
            case LYING -> server.answer("greeting", "HTTP/1.1 400 " + PASSWORD);
            default -> throw new AssertionError(trouble);
        }
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        assertThat(HttpStandIn.within(server.hanging)).isTrue();
    }

    @Override
    public long asked() {
        return server.connections();
    }

    @Override
    protected List<String> received() {
        return server.mails;
    }
}
