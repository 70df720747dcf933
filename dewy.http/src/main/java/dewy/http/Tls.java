package dewy.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Parameters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What connections are secured with.
 *
 * @param authorities whom to trust beside those that Java trusts anyway
 * @param identity what to show to servers that want to know
 */
public record Tls(List<Certificate> authorities, Optional<Identity> identity) {
    /** What Java does by itself. */
    public static final Tls JAVA = new Tls(List.of(), Optional.empty());

    /** What to do where a certificate is not trusted. */
    public static final String ADVICE =
            "If its certificate is signed by an authority of your own, name that in SSL_CERT_FILE,"
                    + " or in a plugin's URL with ca=/path/to/file.pem";

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final String VARIABLE = "SSL_CERT_FILE";

    /** A certificate of a client, with those that lead to its authority, and its key. */
    public record Identity(List<Certificate> chain, PrivateKey key) {
        @Override
        public String toString() {
            return "the client's certificate";
        }
    }

    /**
     * Reads the environment: {@code SSL_CERT_FILE}.
     *
     * @throws InvalidException if that file cannot be used
     */
    public static Tls of(Environment environment) throws InvalidException {
        Optional<String> file = environment.variable(VARIABLE);
        try {
            return file.isPresent() ? new Tls(certificates(file.get()), Optional.empty()) : JAVA;
        } catch (IOException | GeneralSecurityException e) {
            String advice = "Let it name a file with the certificates of authorities, or unset it";
            throw new InvalidException(
                    Problem.of("use the environment's", VARIABLE + "=" + file.get(), why(e), advice), e);
        }
    }

    /** Reads the parameters {@code ca}, {@code cert} and {@code key}, and the environment; what is wrong is told to {@code parameters}. */
    public static Tls of(Parameters parameters, Environment environment) {
        Optional<String> given = parameters.text("ca");
        Optional<String> file = given.or(() -> environment.variable(VARIABLE));
        String who = given.isPresent() ? "ca=" : "the environment's " + VARIABLE + "=";
        List<Certificate> authorities =
                file.map(path -> certificates(parameters, "ca", who, path)).orElse(List.of());
        return new Tls(authorities, identity(parameters));
    }

    private static Optional<Identity> identity(Parameters parameters) {
        Optional<String> cert = parameters.text("cert");
        Optional<String> key = parameters.text("key");
        if (cert.isEmpty()) {
            key.ifPresent(path -> parameters.complain("key", "key= is of no use without cert="));
            return Optional.empty();
        }
        List<Certificate> chain = certificates(parameters, "cert", "cert=", cert.get());
        String file = key.orElse(cert.get());
        try {
            return chain.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Identity(chain, PrivateKeyPem.parse(Files.readString(Path.of(file)))));
        } catch (IOException | InvalidPathException e) {
            parameters.complain("key", "key=" + file + " cannot be read");
        } catch (GeneralSecurityException e) {
            parameters.complain(
                    "key",
                    "key=" + file + ": " + e.getMessage()
                            + "; openssl pkcs8 -topk8 -nodes writes one that can be used");
        }
        return Optional.empty();
    }

    private static List<Certificate> certificates(Parameters parameters, String name, String who, String file) {
        try {
            return certificates(file);
        } catch (IOException | GeneralSecurityException e) {
            parameters.complain(name, who + file + why(e).substring("it".length()));
            return List.of();
        }
    }

    private static String why(Exception e) {
        return e instanceof IOException ? "it cannot be read" : "it holds no certificates in PEM";
    }

    /** Reads the certificates in a file, which may hold other things as well. */
    private static List<Certificate> certificates(String file) throws IOException, GeneralSecurityException {
        try {
            String text = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
            String blocks =
                    CERTIFICATE.matcher(text).results().map(MatchResult::group).collect(Collectors.joining("\n"));
            if (blocks.isEmpty()) {
                throw new GeneralSecurityException("it has none");
            }
            InputStream in = new ByteArrayInputStream(blocks.getBytes(StandardCharsets.ISO_8859_1));
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        } catch (InvalidPathException e) {
            throw new IOException(e);
        }
    }

    /** Returns the same for servers that are shown no certificate. */
    Tls withoutIdentity() {
        return new Tls(authorities, Optional.empty());
    }

    /** Returns what the JDK secures connections with; empty where it does so by itself. */
    public Optional<SSLContext> context() {
        if (equals(JAVA)) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), new TrustManager[] {trustManager()}, null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot use certificates that it read", e);
        }
    }

    private KeyManager @Nullable [] keyManagers() throws IOException, GeneralSecurityException {
        if (identity.isEmpty()) {
            return null;
        }
        KeyStore own = emptyStore();
        own.setKeyEntry(
                "client",
                identity.get().key(),
                new char[0],
                identity.get().chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, new char[0]);
        return factory.getKeyManagers();
    }

    X509TrustManager trustManager() throws IOException, GeneralSecurityException {
        KeyStore all = emptyStore();
        for (X509Certificate known : trustManager(null).getAcceptedIssuers()) {
            add(all, known);
        }
        for (Certificate more : authorities) {
            add(all, more);
        }
        return trustManager(all);
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static void add(KeyStore all, Certificate certificate) throws GeneralSecurityException {
        all.setCertificateEntry("ca-" + all.size(), certificate);
    }

    /** @param store what to trust; null for what Java trusts */
    private static X509TrustManager trustManager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this Java checks no X.509 certificates");
    }
}
