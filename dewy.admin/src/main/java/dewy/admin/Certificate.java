package dewy.admin;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.pem.BadCertificate;
import dewy.pem.Credential;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key, read again when one of the files is another one. A pair that is no good is not taken: that before
 * serves on, as while one of the two is still to come. Used by one thread.
 */
final class Certificate {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.admin");

    /**
     * Files in PEM.
     *
     * @param chain the certificate and those above it
     * @param key its private key
     */
    record Files(Path chain, Path key) {}

    private final Files files;
    private List<String> stamp;
    private SslContext context;

    private Certificate(Files files, List<String> stamp, SslContext context) {
        this.files = files;
        this.stamp = stamp;
        this.context = context;
    }

    static Certificate open(Files files) throws InvalidException {
        try {
            List<String> stamp = Credential.stamp(files.chain(), files.key());
            return new Certificate(files, stamp, read(files));
        } catch (BadCertificate e) {
            throw new InvalidException(Problem.of("use for TLS", e.file(), e.why(), e.advice()), e);
        }
    }

    /** Returns what the next connection is served by. */
    SslContext current() {
        List<String> now = Credential.stamp(files.chain(), files.key());
        if (!now.equals(stamp)) {
            stamp = now;
            renew();
        }
        return context;
    }

    private void renew() {
        try {
            context = read(files);
            LOG.atInfo().addKeyValue("certificate", files.chain()).log("Admin API has a new certificate");
        } catch (BadCertificate e) {
            LOG.atWarn()
                    .addKeyValue("certificate", e.file())
                    .addKeyValue("error", e.why())
                    .log("Admin API keeps its certificate");
        }
    }

    private static SslContext read(Files files) throws BadCertificate {
        Credential credential = Credential.read(files.chain(), files.key());
        try {
            return SslContextBuilder.forServer(credential.key(), credential.chain())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new BadCertificate(files.chain(), "it cannot be used: " + e.getMessage(), "Get another one");
        }
    }
}
