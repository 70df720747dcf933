package dewy.notifier.mail;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.notifier.mail.MailSettings.Encryption;
import dewy.notifier.mail.MailSettings.Login;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * A server that takes mail (RFC 5321), one connection for each. The connection is made here and handed to Angus, so that the
 * end of a call closes it, whatever it is waiting for.
 */
final class SmtpServer {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final MailSettings settings;

    SmtpServer(MailSettings settings) {
        this.settings = settings;
    }

    /** Writes a mail. */
    @FunctionalInterface
    interface Author {
        MimeMessage write(Session session) throws MessagingException;
    }

    /**
     * What became of a mail.
     *
     * @param taken for whom the server has taken it
     * @param failure why it was not taken for all
     */
    record Receipt(List<InternetAddress> taken, Optional<DewyException> failure) {}

    /** Sends a mail to some recipients; what goes wrong before the server was asked about them is thrown. */
    Receipt send(Call call, Author author, List<InternetAddress> recipients) throws DewyException {
        call.check();
        Optional<Login> login = settings.login();
        String password = login.isPresent() ? password(login.get()) : "";
        SmtpFailures failures = new SmtpFailures(settings, password);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SmtpServer.class.getClassLoader()); // Angus finds its own parts by it.
        try (Socket socket = new Socket();
                Registration unused = call.onCancel(() -> closeQuietly(socket))) {
            return send(call, socket, author, recipients, password, failures);
        } catch (IOException | MessagingException e) {
            throw failures.of(call, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Receipt send(
            Call call,
            Socket socket,
            Author author,
            List<InternetAddress> recipients,
            String password,
            SmtpFailures failures)
            throws DewyException, IOException, MessagingException {
        Session session = session();
        URLName who = settings.login()
                .map(login -> new URLName("smtp", settings.host(), settings.port(), null, login.user(), password))
                .orElseGet(() -> new URLName("smtp", settings.host(), settings.port(), null, null, null));
        try (SMTPTransport transport = new SMTPTransport(session, who)) {
            try {
                transport.connect(connected(call, socket));
                requireWhatWasAsked(transport, failures);
                transport.sendMessage(author.write(session), recipients.toArray(InternetAddress[]::new));
            } catch (SendFailedException e) {
                DewyException failure =
                        failures.of(call, e, transport.getLastReturnCode(), transport.getLastServerResponse());
                return new Receipt(taken(e), Optional.of(failure));
            } catch (MessagingException e) {
                throw failures.of(call, e, transport.getLastReturnCode(), transport.getLastServerResponse());
            }
            return new Receipt(recipients, Optional.empty());
        }
    }

    private Session session() {
        Properties properties = new Properties();
        properties.put("mail.smtp.starttls.required", Boolean.toString(settings.encryption() == Encryption.STARTTLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", sockets());
        properties.put("mail.smtp.localhost", settings.client());
        properties.put("mail.smtp.sendpartial", "true"); // One address that is no more is no reason to tell nobody.
        properties.put("mail.smtp.quitwait", "false"); // It was taken before.
        if (settings.login().isEmpty()) {
            properties.put("mail.smtp.user", "");
        }
        return Session.getInstance(properties);
    }

    private SSLSocketFactory sockets() {
        return settings.tls().context().map(SSLContext::getSocketFactory).orElseGet(() ->
                (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** Connects to the first address that answers; it keeps the name, by which certificates are checked. */
    private Socket connected(Call call, Socket socket) throws DewyException, IOException {
        InetAddress[] found = InetAddress.getAllByName(settings.host());
        call.check();
        InetAddress address = InetAddress.getByAddress(settings.host(), found[0].getAddress());
        int left =
                (int) Math.max(1, Math.min(CONNECT.toMillis(), call.remaining().toMillis()));
        socket.connect(new InetSocketAddress(address, settings.port()), left);
        socket.setSoTimeout(
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, call.remaining().toMillis())));
        return settings.encryption() == Encryption.TLS ? secured(socket) : socket;
    }

    private Socket secured(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) sockets().createSocket(socket, settings.host(), settings.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** A server that lacks what makes it ask for a password would send for anybody, or for nobody. */
    private void requireWhatWasAsked(SMTPTransport transport, SmtpFailures failures) throws DewyException {
        if (settings.login().isPresent() && !transport.supportsExtension("AUTH")) {
            throw new InvalidException(failures.problem(
                    "it takes no password",
                    "Leave the username out, or name the port for submissions, mostly 587 or 465"));
        }
    }

    private static String password(Login login) throws DewyException {
        String password = login.password().reveal().strip();
        if (password.isEmpty()) {
            throw new InvalidException(Problem.of("use", login.source(), "the password is empty", "Set it anew"));
        }
        return password;
    }

    private static List<InternetAddress> taken(SendFailedException e) {
        return e.getValidSentAddresses() == null
                ? List.of()
                : Arrays.stream(e.getValidSentAddresses())
                        .map(InternetAddress.class::cast)
                        .toList();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }
}
