package dewy.proxy.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How TLS is spoken at a listening socket.
 *
 * @param pairs at least one; the first is for clients that name no host, or one that no certificate is for
 * @param least the oldest version that is spoken
 */
public record TlsSettings(List<Pair> pairs, Version least) {
    /**
     * A certificate and its key, in PEM.
     *
     * @param chain the certificate first, then those that vouch for it
     * @param key the private key; it may be the same file
     */
    public record Pair(Path chain, Path key) {}

    /** Versions of TLS, the older first. */
    public enum Version {
        TLS_1_2("TLSv1.2", "1.2"),
        TLS_1_3("TLSv1.3", "1.3");

        private final String protocol;
        private final String number;

        Version(String protocol, String number) {
            this.protocol = protocol;
            this.number = number;
        }

        String protocol() {
            return protocol;
        }

        /** Returns it as people write it. */
        public String number() {
            return number;
        }
    }

    public TlsSettings {
        pairs = List.copyOf(pairs);
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("TLS takes a certificate");
        }
    }

    /** Returns those of a socket that another app shares: with the certificates of both, and the newer of the oldest versions. */
    public TlsSettings with(TlsSettings other) {
        List<Pair> both = new ArrayList<>(pairs);
        other.pairs.stream().filter(pair -> !both.contains(pair)).forEach(both::add);
        return new TlsSettings(both, least.compareTo(other.least) < 0 ? other.least : least);
    }
}
