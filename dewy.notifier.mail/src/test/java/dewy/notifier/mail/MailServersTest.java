package dewy.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notification;
import dewy.api.plugin.PluginUrl;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import dewy.tck.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail through servers that others have written. */
@Timeout(120)
class MailServersTest {
    private static final String PASSWORD = "correct horse";

    @TempDir
    Path folder;

    private int port;
    private int api;

    @BeforeEach
    void choosePorts() throws IOException {
        port = ServerProgram.freePort();
        api = ServerProgram.freePort();
        Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    }

    @Test
    void mailpitTakesWhatIsSentByStartTlsWithAPassword() throws Exception {
        Keys keys = keys();
        try (ServerProgram unused = mailpit(keys, "--smtp-require-starttls")) {
            send("smtp", "ca=" + keys.certificate() + "&" + login(), Notifications.hookFailed("e1"));

            String mail = latest();
            assertThat(mail)
                    .contains("Subject: web on host-1: The before-deploy hook of v1.2.3 failed: exit code 3")
                    .contains("Message-ID: <e1@host-1>", "References: <" + Notifications.DEPLOYMENT + "@host-1>")
                    .contains("Auto-Submitted: auto-generated", "To: ops@example.com, boss@example.com");
            String shown = ask("/api/v1/message/latest");
            assertThat(shown)
                    .contains(".dot at the beginning", "\\nFrom here", "データベース", "Exit code:  3")
                    .doesNotContain("<script>", "\\u001b", "\\u0000");
        }
    }

    @Test
    void mailpitTakesWhatIsEncryptedFromTheBeginning() throws Exception {
        Keys keys = keys();
        try (ServerProgram unused = mailpit(keys, "--smtp-require-tls")) {
            send("smtps", "ca=" + keys.certificate() + "&" + login(), Notifications.deployed("e1"));

            assertThat(latest()).contains("Subject: web on host-1: Deployed v1.2.3 in 2s");
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForOrThatIsNoMoreGoodIsRefused() throws Exception {
        TestAuthority authority = TestAuthority.in(folder);
        Path expired = authority.expiredServer();
        try (ServerProgram unused = mailpit(new Keys(expired, expired), "--smtp-require-starttls")) {
            assertThatThrownBy(() -> send("smtp", login(), Notifications.deployed("e1")))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("the connection cannot be secured")
                    .hasMessageContaining("ca=/path/to/file.pem");
            assertThatThrownBy(
                            () -> send("smtp", "ca=" + authority.pem() + "&" + login(), Notifications.deployed("e1")))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("the connection cannot be secured: NotAfter: ");
            assertThat(ask("/api/v1/messages")).contains("\"total\":0");
        }
    }

    @Test
    void aWrongPasswordIsToldAsOne() throws Exception {
        Keys keys = keys();
        Files.writeString(folder.resolve("password"), "wrong\n");
        try (ServerProgram unused = mailpit(keys, "--smtp-require-starttls")) {
            assertThatThrownBy(() ->
                            send("smtp", "ca=" + keys.certificate() + "&" + login(), Notifications.deployed("e1")))
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("it answered the password with 535");
        }
    }

    @Test
    void eximTakesRefusesAndPutsOff() throws Exception {
        Keys keys = keys();
        String tls = "ca=" + keys.certificate() + "&";
        try (ServerProgram unused = exim(keys)) {
            send("smtp", tls + login(), Notifications.hookFailed("e1"));
            assertThat(delivered()).contains("Message-ID: <e1@host-1>");

            assertThatThrownBy(() -> send("smtp", tls + "from=dewy@example.com", Notifications.deployed("e2")))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("answered 550 for ops@example.com (authentication required)");
            assertThatThrownBy(() -> send("busy@example.com", tls + login(), Notifications.deployed("e3"), "smtp"))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("answered 451 for busy@example.com (try again later)");
        }
    }

    @Test
    void withoutTlsItIsPlainWhateverTheServerOffers() throws Exception {
        Keys keys = keys();
        try (ServerProgram unused = exim(keys)) {
            send("local@example.com", "tls=false&from=dewy@example.com", Notifications.deployed("e1"), "smtp");

            assertThat(delivered()).contains("with esmtp ").doesNotContain("esmtps");
        }
    }

    /** A certificate for this host that vouches for itself, and its key, each a file in PEM that any server understands. */
    private record Keys(Path certificate, Path key) {}

    private Keys keys() throws Exception {
        Keys keys = new Keys(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        ServerProgram.require("openssl");
        run(("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
                        + " -keyout "
                        + keys.key() + " -out " + keys.certificate())
                .split(" ", -1));
        return keys;
    }

    private String login() {
        return "from=dewy@example.com&username=dewy&password=file:" + folder.resolve("password");
    }

    private void send(String scheme, String parameters, Notification notification) throws Exception {
        send("ops@example.com,boss@example.com", parameters, notification, scheme);
    }

    private void send(String recipients, String parameters, Notification notification, String scheme) throws Exception {
        PluginUrl url = PluginUrl.parse(scheme + "://127.0.0.1:" + port + "/" + recipients + "?" + parameters);
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30));
                var notifier = new MailNotifierProvider(name -> Optional.empty()).open(url, TestApp.in(folder))) {
            notifier.send(call, notification);
        }
    }

    private ServerProgram mailpit(Keys keys, String demand) throws Exception {
        Path program = ServerProgram.require("mailpit");
        byte[] digest = MessageDigest.getInstance("SHA-1").digest(PASSWORD.getBytes(StandardCharsets.UTF_8));
        Path users = Files.writeString(
                folder.resolve("users"), "dewy:{SHA}" + Base64.getEncoder().encodeToString(digest) + "\n");
        return ServerProgram.start(
                folder,
                folder.resolve("mailpit.log"),
                port,
                List.of(
                        program.toString(),
                        "--listen",
                        "127.0.0.1:" + api,
                        "--smtp",
                        "127.0.0.1:" + port,
                        "--smtp-tls-cert",
                        keys.certificate().toString(),
                        "--smtp-tls-key",
                        keys.key().toString(),
                        "--smtp-auth-file",
                        users.toString(),
                        "--database",
                        folder.resolve("mailpit.db").toString(),
                        "--disable-version-check",
                        demand));
    }

    private String latest() throws Exception {
        return ask("/api/v1/message/latest/raw").replace("\r\n", "\n").replaceAll("\n[ \t]+", " ");
    }

    private String ask(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    /** Exim takes what was authenticated, and for some who are here from anybody. */
    private ServerProgram exim(Keys keys) throws Exception {
        Path program = ServerProgram.require("exim4");
        ServerProgram.require("root".equals(System.getProperty("user.name")), "exim4 needs root");
        Path configuration = Files.writeString(
                folder.resolve("exim.conf"),
                """
                primary_hostname = mail.example.com
                spool_directory = %1$s/spool
                log_file_path = %1$s/exim-%%slog
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %2$d
                tls_advertise_hosts = *
                tls_certificate = %3$s
                tls_privatekey = %4$s
                auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
                acl_smtp_rcpt = recipient
                deliver_drop_privilege = true
                queue_only = true
                host_lookup =
                never_users =
                begin acl
                recipient:
                  accept local_parts = local
                  deny !authenticated = *
                       message = authentication required
                  defer local_parts = busy
                        message = try again later
                  accept
                begin authenticators
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  server_condition = ${if and{{eq{$auth2}{dewy}}{eq{$auth3}{%5$s}}}}
                  server_set_id = $auth2
                """
                        .formatted(folder, port, keys.certificate(), keys.key(), PASSWORD));
        for (String name : List.of("spool", "spool/input", "spool/msglog")) {
            Files.createDirectories(folder.resolve(name));
        }
        run("chown", "-R", "Debian-exim:Debian-exim", folder.toString());
        run("chmod", "755", folder.toString());
        run("chown", "root:root", configuration.toString());
        run("chmod", "644", configuration.toString());
        return ServerProgram.start(
                folder,
                folder.resolve("exim.log"),
                port,
                List.of(program.toString(), "-C", configuration.toString(), "-bdf"));
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Returns what exim has in its queue: heads and bodies. */
    private String delivered() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder.resolve("spool/input"))) {
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
