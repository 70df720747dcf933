package dewy.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.PluginUrl;
import dewy.tck.HttpStandIn;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to a mail server, and what is made of what it answers. */
@Timeout(60)
class MailDeliveryTest {
    @TempDir
    Path folder;

    private final SmtpStandIn server = new SmtpStandIn();
    private final Map<String, String> environment = new HashMap<>();

    MailDeliveryTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void writesToAllRecipientsAtOnce() throws Exception {
        send(open("a@example.com,b@example.com", "from=dewy@example.com"), Notifications.deployed("e1"));

        assertThat(server.commands)
                .startsWith(
                        "greeting",
                        "EHLO host-1",
                        "MAIL FROM:<dewy@example.com>",
                        "RCPT TO:<a@example.com>",
                        "RCPT TO:<b@example.com>",
                        "DATA",
                        "end of data");
        assertThat(server.mails).singleElement().asString().contains("To: a@example.com, b@example.com");
    }

    @Test
    void takesUserPasswordAndSenderFromTheEnvironment() throws Exception {
        Files.writeString(folder.resolve("password"), "word");
        environment.put("MAIL_USERNAME", "me");
        environment.put("MAIL_PASSWORD", "file:" + folder.resolve("password"));
        environment.put("MAIL_FROM", "Dewy <dewy@example.com>");
        send(open("a@example.com", ""), Notifications.deployed("e1"));

        assertThat(server.commands).contains("AUTH PLAIN bWUAbWUAd29yZA==", "MAIL FROM:<dewy@example.com>");
    }

    @Test
    void aUserThatIsAnAddressIsTheSender() throws Exception {
        send(open("a@example.com", "username=me@example.com&password=word"), Notifications.deployed("e1"));

        assertThat(server.commands).contains("MAIL FROM:<me@example.com>");
    }

    @ParameterizedTest
    @CsvSource({"MAIL, 451", "RCPT, 450", "DATA, 452", "end of data, 451", "greeting, 421", "AUTH, 454"})
    void whatIsRefusedForNowIsTriedAgain(String command, int code) throws Exception {
        server.answer(command, code + " 4.3.0 not now");
        Notifier notifier = open("a@example.com", "username=me@example.com&password=word");

        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("smtp://127.0.0.1:" + server.port())
                .hasMessageContaining("answered")
                .hasMessageContaining(Integer.toString(code));
        server.answer(command, SmtpStandIn.USUAL);
        send(notifier, Notifications.deployed("e1"));
        assertThat(server.mails).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"MAIL, 553", "RCPT, 550", "DATA, 554", "end of data, 552", "greeting, 554"})
    void whatIsRefusedForGoodIsNot(String command, int code) throws Exception {
        server.answer(command, code + "-5.7.1 not ever\r\n" + code + " 5.7.1 as I said");
        Notifier notifier = open("a@example.com", "from=me@example.com");

        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("answered " + code);
    }

    @Test
    void triesThoseAgainThatWereNotTakenAndNobodyElse() throws Exception {
        server.answer("RCPT TO:<b", "451 4.7.1 greylisted");
        Notifier notifier = open("a@example.com,b@example.com", "from=dewy@example.com");
        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining(
                        "answered 451 for b@example.com (4.7.1 greylisted). The other recipients have got it");
        server.answer("RCPT TO:<b", SmtpStandIn.USUAL);
        server.commands.clear();
        send(notifier, Notifications.deployed("e1"));
        send(notifier, Notifications.deployed("e1"));

        assertThat(server.commands).contains("RCPT TO:<b@example.com>").doesNotContain("RCPT TO:<a@example.com>");
        assertThat(server.mails).hasSize(2);
        send(notifier, Notifications.deployed("e2"));
        assertThat(server.commands).contains("RCPT TO:<a@example.com>");
    }

    @Test
    void anAddressThatIsNoMoreKeepsTheNewsFromNobodyElse() throws Exception {
        server.answer("RCPT TO:<b", "550 5.1.1 no such user");
        Notifier notifier = open("a@example.com,b@example.com", "from=dewy@example.com");
        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("answered 550 for b@example.com (5.1.1 no such user)");
        assertThat(server.mails).hasSize(1);
    }

    @Test
    void sendsNothingUnencryptedWhereItIsNotToldTo() throws Exception {
        Notifier notifier = open(PluginUrl.parse(
                "smtp://127.0.0.1:" + server.port() + "/a@example.com?username=me@example.com&password=word"));
        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("does not offer STARTTLS")
                .hasMessageContaining("tls=false");
        assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));
    }

    @Test
    void doesNotSendWithoutThePasswordWhereThereIsOne() throws Exception {
        server.answer("EHLO", "250 stand-in");
        Notifier notifier = open("a@example.com", "username=me@example.com&password=word");
        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it takes no password");
        assertThat(server.mails).isEmpty();
    }

    @Test
    void namesWhereAWrongPasswordIs() throws Exception {
        server.answer("AUTH", "535 5.7.8 wrong");
        environment.put("MAIL_PASSWORD", "word");
        Notifier notifier = open("a@example.com", "username=me@example.com");
        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("answered the password with 535")
                .hasMessageContaining("Check the username and the environment's MAIL_PASSWORD");
    }

    @Test
    void aCallThatIsCancelledClosesItsConnection() throws Exception {
        server.answer("end of data", SmtpStandIn.SILENCE);
        Notifier notifier = open("a@example.com", "from=dewy@example.com");
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            CompletableFuture<?> cancelling = CompletableFuture.runAsync(() -> {
                try {
                    assertThat(HttpStandIn.within(server.hanging)).isTrue();
                    call.cancel("the test wants it");
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> notifier.send(call, Notifications.deployed("e1")))
                    .hasMessageContaining("the test wants it");
            cancelling.join();
        }
        assertThat(HttpStandIn.within(server.abandoned)).isTrue();
    }

    @Test
    void tellsAServerThatHangsUpFromOneThatIsNone() throws Exception {
        server.answer("greeting", SmtpStandIn.END);
        Notifier notifier = open("a@example.com", "from=dewy@example.com");
        assertThatThrownBy(() -> send(notifier, Notifications.deployed("e1")))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("it ended the connection");
    }

    private Notifier open(String recipients, String parameters) throws InvalidException {
        String base = "smtp://127.0.0.1:" + server.port() + "/" + recipients + "?tls=false&";
        return open(PluginUrl.parse(base + parameters));
    }

    private Notifier open(PluginUrl url) throws InvalidException {
        return new MailNotifierProvider(name -> Optional.ofNullable(environment.get(name)))
                .open(url, TestApp.in(folder));
    }

    private static void send(Notifier notifier, Notification... notifications) throws Exception {
        for (Notification notification : List.of(notifications)) {
            try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
                notifier.send(call, notification);
            }
        }
    }
}
