package dewy.notifier.mail;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.http.Origin;
import dewy.http.Tls;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URL {@code smtp://host:port/to?…} and the environment say.
 *
 * @param encryption how the connection is secured
 * @param recipients whom to write to, at least one
 * @param login who says that it may be sent; empty where nobody asks
 * @param client the name that the server is greeted with
 */
record MailSettings(
        String host,
        int port,
        Encryption encryption,
        InternetAddress sender,
        List<InternetAddress> recipients,
        SubjectLine subject,
        Optional<Login> login,
        Tls tls,
        String client) {
    static final String USERNAME = "MAIL_USERNAME";
    static final String PASSWORD = "MAIL_PASSWORD";
    static final String FROM = "MAIL_FROM";

    private static final Pattern AUTHORITY = Pattern.compile("([\\w.-]+|\\[[\\da-fA-F:.]+])(?::(\\d{1,5}))?");
    private static final Pattern NAME = Pattern.compile("[\\w.-]{1,255}");
    private static final int HIGHEST_PORT = 65_535;

    /** How a connection is secured, and the port where that is usual (RFC 6409, RFC 8314, RFC 5321). */
    enum Encryption {
        /** From the command STARTTLS on, without which nothing is sent. */
        STARTTLS(587),
        /** From the beginning. */
        TLS(465),
        /** Not at all. */
        NONE(25);

        private final int port;

        Encryption(int port) {
            this.port = port;
        }
    }

    /**
     * What a server asks for before it sends something on.
     *
     * @param source where the password is, for people
     */
    record Login(String user, Secret password, String source) {}

    /**
     * Reads a URL and the environment.
     *
     * @throws InvalidException naming everything that is wrong
     */
    static MailSettings of(PluginUrl url, AppContext app, Environment environment) throws InvalidException {
        Secret.withhold(PASSWORD);
        Parameters parameters = Parameters.of(url);
        Matcher authority = AUTHORITY.matcher(url.authority());
        boolean isPlace = authority.matches();
        if (!isPlace) {
            parameters.complain(
                    url.authority().contains("@")
                            ? "write the user as username=, and the password into MAIL_PASSWORD"
                            : "name the mail server: " + url.scheme() + "://mail.example.com/to@example.com");
        }
        String host = isPlace ? authority.group(1) : "localhost";
        Encryption encryption = encryption(url, parameters);
        int port = isPlace ? port(authority.group(2), encryption, parameters) : encryption.port;
        Optional<Login> login = login(parameters, environment);
        if (encryption == Encryption.NONE && login.isPresent() && !app.allowsHttp() && !isThisHost(host)) {
            parameters.complain(
                    "tls",
                    "tls=false would send the password unencrypted; leave it out, or give --allow-http where the"
                            + " network in between is trusted");
        }
        InternetAddress sender = sender(parameters, environment, login);
        List<InternetAddress> recipients = recipients(url, parameters);
        SubjectLine subject = SubjectLine.of(parameters);
        Tls tls = Tls.of(parameters, environment);
        parameters.finish();
        String client = NAME.matcher(app.host()).matches() ? app.host() : "localhost";
        return new MailSettings(
                host.replaceAll("[\\[\\]]", ""), port, encryption, sender, recipients, subject, login, tls, client);
    }

    /** Returns what to call the server when people are told about it. */
    String server() {
        String scheme = encryption == Encryption.TLS ? "smtps" : "smtp";
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static Encryption encryption(PluginUrl url, Parameters parameters) {
        boolean encrypted = parameters.flag("tls", true);
        if (!"smtps".equals(url.scheme())) {
            return encrypted ? Encryption.STARTTLS : Encryption.NONE;
        }
        if (!encrypted) {
            parameters.complain("tls", "tls=false contradicts smtps://; write smtp://");
        }
        return Encryption.TLS;
    }

    private static int port(@Nullable String given, Encryption encryption, Parameters parameters) {
        if (given == null) {
            return encryption.port;
        }
        int port = Integer.parseInt(given);
        if (port < 1 || port > HIGHEST_PORT) {
            parameters.complain("the port is not a number from 1 to " + HIGHEST_PORT);
        }
        return port;
    }

    private static boolean isThisHost(String host) {
        return new Origin("smtp", host.toLowerCase(Locale.ROOT), 0).isThisHost();
    }

    private static Optional<Login> login(Parameters parameters, Environment environment) {
        Optional<String> given = parameters.text("username");
        Optional<Secret> secret = parameters.secret("password");
        Optional<String> user = given.or(() -> environment.variable(USERNAME)).map(String::strip);
        Optional<Secret> password = secret.or(
                () -> environment.variable(PASSWORD).map(String::strip).map(Secret::of));
        if (user.isEmpty()) {
            secret.ifPresent(unused -> parameters.complain("password", "password= is of no use without username="));
            return Optional.empty();
        }
        if (password.isEmpty()) {
            String which = given.isPresent() ? "username" : "";
            parameters.complain(which, "there is no password for the username " + user.get() + ": set " + PASSWORD);
        }
        String source = secret.isPresent() ? "password=" + secret.get() : "the environment's " + PASSWORD;
        return password.map(found -> new Login(user.get(), found, source));
    }

    private static InternetAddress sender(Parameters parameters, Environment environment, Optional<Login> login) {
        Optional<String> given = parameters.text("from");
        Optional<String> text = given.or(() -> environment.variable(FROM))
                .or(() -> login.map(Login::user).filter(user -> user.contains("@")));
        Optional<InternetAddress> sender = text.flatMap(MailSettings::address);
        if (sender.isEmpty()) {
            String why = text.map(wrong -> "\"" + wrong + "\" is no address such as dewy@example.com")
                    .orElse("there is no sender: give it as from=, or in the environment's " + FROM);
            parameters.complain(given.isPresent() ? "from" : "", given.isPresent() ? "from: " + why : why);
        }
        return sender.orElseGet(InternetAddress::new);
    }

    private static List<InternetAddress> recipients(PluginUrl url, Parameters parameters) {
        List<InternetAddress> recipients = new ArrayList<>();
        String path = url.path().startsWith("/") ? url.path().substring(1) : url.path();
        if (path.isBlank()) {
            parameters.complain("there is no recipient: write " + url.scheme() + "://host/to@example.com");
            return recipients;
        }
        for (String text : path.split(",", -1)) {
            Optional<InternetAddress> address = address(text);
            if (address.isEmpty()) {
                parameters.complain("the recipient \"" + text + "\" is no address such as to@example.com");
            }
            address.filter(one -> !recipients.contains(one)).ifPresent(recipients::add);
        }
        return recipients;
    }

    /** Returns an address in ASCII, with or without a name before it; others few servers take. */
    private static Optional<InternetAddress> address(String text) {
        try {
            InternetAddress[] all = InternetAddress.parse(text.strip(), true);
            boolean plain = all.length == 1
                    && all[0].getAddress().matches("[\\x21-\\x7e]+@[\\x21-\\x7e]+")
                    && text.chars().noneMatch(Character::isISOControl);
            if (plain) {
                all[0].validate();
                return Optional.of(all[0]);
            }
        } catch (AddressException e) {
            // Told by the caller, together with what else is wrong.
        }
        return Optional.empty();
    }
}
