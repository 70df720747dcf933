package dewy.admin;

import dewy.api.InvalidException;
import dewy.api.Problem;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key, read again when one of the files has changed. A pair that is no good is not taken: that before
 * serves on. Used by one thread.
 */
final class Certificate {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.admin");

    /**
     * Files in PEM.
     *
     * @param chain the certificate and those above it
     * @param key its private key, in PKCS#8, without a password
     */
    record Files(Path chain, Path key) {
        private FileTime changed() throws IOException {
            FileTime first = java.nio.file.Files.getLastModifiedTime(chain);
            FileTime second = java.nio.file.Files.getLastModifiedTime(key);
            return first.compareTo(second) > 0 ? first : second;
        }
    }

    private final Files files;
    private FileTime changed;
    private SslContext context;

    private Certificate(Files files, FileTime changed, SslContext context) {
        this.files = files;
        this.changed = changed;
        this.context = context;
    }

    static Certificate open(Files files) throws InvalidException {
        try {
            FileTime changed = files.changed();
            return new Certificate(files, changed, read(files));
        } catch (IOException | IllegalArgumentException e) {
            String reason = e.getCause() == null ? e.toString() : e.getMessage() + ": " + e.getCause();
            throw new InvalidException(
                    Problem.of(
                            "use the certificate",
                            files.chain() + " with the key " + files.key(),
                            reason,
                            "Name a certificate with its chain and its key without a password (PKCS#8), both in PEM"),
                    e);
        }
    }

    /** Returns what the next connection is served by. */
    SslContext current() {
        try {
            FileTime now = files.changed();
            if (!now.equals(changed)) {
                changed = now;
                context = read(files);
                LOG.atInfo().addKeyValue("certificate", files.chain()).log("Admin API has a new certificate");
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("certificate", files.chain())
                    .addKeyValue("error", e.getMessage())
                    .log("Admin API keeps its certificate");
        }
        return context;
    }

    private static SslContext read(Files files) throws SSLException {
        return SslContextBuilder.forServer(files.chain().toFile(), files.key().toFile())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }
}
