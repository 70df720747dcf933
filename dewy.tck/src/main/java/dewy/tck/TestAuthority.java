package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of one's own that nobody trusts, and what it signs. */
public final class TestAuthority {
    private static final String PASSWORD = "password";

    private final Path folder;
    private final Path store;

    private TestAuthority(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("authority.p12");
    }

    /** Has keytool make one in a folder, with the keys of a server and of a client. */
    public static TestAuthority in(Path folder) throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        authority.generate("authority", "-ext", "bc:c");
        authority.generate("server", "-signer", "authority", "-ext", "san=ip:127.0.0.1");
        authority.generate("client", "-signer", "authority");
        return authority;
    }

    /** Returns a server's certificate for this host; the server trusts clients of the authority. */
    public TestCertificate server() throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("server", key("server"), PASSWORD.toCharArray(), chain("server"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", chain("authority")[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new TestCertificate(context, pem(), store);
    }

    /** Returns the certificate of the authority, as a file in PEM. */
    public Path pem() throws Exception {
        return Files.writeString(folder.resolve("authority.pem"), pem("CERTIFICATE", chain("authority")[0]));
    }

    /** Returns a server's certificate for this host and its key, as a file in PEM, for a server that is a program. */
    public Path serverPem() throws Exception {
        return withKey("server");
    }

    /** Returns such a file with a certificate that expired yesterday. */
    public Path expiredPem() throws Exception {
        generate("expired", "-signer", "authority", "-ext", "san=ip:127.0.0.1", "-startdate", "-3d");
        return withKey("expired");
    }

    /** Returns the certificate of a client, and its key, as a file in PEM. */
    public Path client() throws Exception {
        return withKey("client");
    }

    private Path withKey(String alias) throws Exception {
        return Files.writeString(
                folder.resolve(alias + ".pem"),
                pem("CERTIFICATE", chain(alias)[0])
                        + pem("PRIVATE KEY", key(alias).getEncoded()));
    }

    /** Returns a server's certificate for this host that was good until some days ago, and its key, as a file in PEM. */
    public Path expiredServer() throws Exception {
        generate("expired", "-signer", "authority", "-ext", "san=ip:127.0.0.1", "-startdate", "-10d");
        return Files.writeString(
                folder.resolve("expired.pem"),
                pem("CERTIFICATE", chain("expired")[0])
                        + pem("PRIVATE KEY", key("expired").getEncoded()));
    }

    private void generate(String alias, String... more) throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(keytool.toString(), "-genkeypair", "-alias", alias));
        command.addAll(List.of("-keyalg", "EC", "-dname", "CN=" + alias, "-validity", "2", "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1)
                .as("exit code of keytool")
                .isZero();
    }

    private Key key(String alias) throws Exception {
        return Objects.requireNonNull(load().getKey(alias, PASSWORD.toCharArray()));
    }

    private Certificate[] chain(String alias) throws Exception {
        return Objects.requireNonNull(load().getCertificateChain(alias));
    }

    private KeyStore load() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String label, Certificate certificate) throws Exception {
        return pem(label, certificate.getEncoded());
    }

    private static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder().encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
