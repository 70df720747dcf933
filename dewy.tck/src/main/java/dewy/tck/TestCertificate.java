package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for this host that nobody trusts, and its key.
 *
 * @param context what a server takes it from
 * @param pem the certificate alone, as a file in PEM
 * @param store the certificate and the key, as a PKCS #12 store with the password {@code password}; as a trust store it
 *     trusts the certificate
 */
public record TestCertificate(SSLContext context, Path pem, Path store) {
    private static final char[] PASSWORD = "password".toCharArray();

    /** Has keytool make one in a folder. */
    public static TestCertificate in(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = List.of(
                keytool.toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1,dns:artifacts.example",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1)
                .as("exit code of keytool")
                .isZero();
        return read(store, folder.resolve("ca.pem"));
    }

    private static TestCertificate read(Path store, Path pem) throws Exception {
        KeyStore keys = load(store);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        byte[] certificate = Objects.requireNonNull(keys.getCertificate("test")).getEncoded();
        String base64 = Base64.getMimeEncoder().encodeToString(certificate);
        Files.writeString(pem, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        return new TestCertificate(context, pem, store);
    }

    private static KeyStore load(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
