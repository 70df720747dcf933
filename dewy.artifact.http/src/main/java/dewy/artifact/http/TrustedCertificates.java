package dewy.artifact.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes Java trust the certificates in a file, beside those that it trusts anyway. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * Returns what connections are secured with.
     *
     * @param pem a file with one certificate or several
     * @throws IOException if it cannot be read
     * @throws GeneralSecurityException if it holds no certificates
     */
    static SSLContext and(Path pem) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {with(pem)}, null);
        return context;
    }

    static X509TrustManager with(Path pem) throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        for (X509Certificate known : trustManager(null).getAcceptedIssuers()) {
            add(all, known);
        }
        for (Certificate more : read(pem)) {
            add(all, more);
        }
        return trustManager(all);
    }

    private static void add(KeyStore all, Certificate certificate) throws GeneralSecurityException {
        all.setCertificateEntry("ca-" + all.size(), certificate);
    }

    private static Collection<? extends Certificate> read(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (read.isEmpty()) {
                throw new GeneralSecurityException("it is empty");
            }
            return read;
        }
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
