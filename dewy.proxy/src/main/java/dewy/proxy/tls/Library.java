package dewy.proxy.tls;

import dewy.pem.Credential;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

/** Who does the work of TLS. */
public enum Library {
    /** Takes a fraction of the time, and memory outside of the heap. */
    BORINGSSL(SslProvider.OPENSSL),
    JDK(SslProvider.JDK);

    /** Those of <a href="https://wiki.mozilla.org/Security/Server_Side_TLS">Mozilla</a>'s intermediate level, but for DHE. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Clients that know tickets keep theirs themselves. */
    private static final long KEPT_SESSIONS = 1000;

    /** Another one would tell a client that speaks HTTP/2 only that this does as well. */
    private static final ApplicationProtocolConfig HTTP = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1);

    private final SslProvider provider;

    Library(SslProvider provider) {
        this.provider = provider;
    }

    /**
     * Returns the better one of those that this host has.
     *
     * @param log is told which one that is
     */
    public static Library best(Consumer<String> log) {
        boolean isNative = OpenSsl.isAvailable();
        log.accept(
                isNative
                        ? "speaks TLS by " + OpenSsl.versionString()
                        : "speaks TLS by the JDK, which takes several times as long, since BoringSSL does not load: "
                                + OpenSsl.unavailabilityCause());
        return isNative ? BORINGSSL : JDK;
    }

    /** Returns what the handshakes of connections need, whose sessions can be resumed for as long as that is used. */
    SslContext context(Credential credential, TlsSettings.Version least, boolean http) throws SSLException {
        String[] versions = Arrays.stream(TlsSettings.Version.values())
                .filter(version -> version.compareTo(least) >= 0)
                .map(TlsSettings.Version::protocol)
                .toArray(String[]::new);
        SslContext context = SslContextBuilder.forServer(credential.key(), credential.chain())
                .sslProvider(provider)
                .protocols(versions)
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(http ? HTTP : ApplicationProtocolConfig.DISABLED)
                .trustManager(new Nobody())
                .sessionCacheSize(KEPT_SESSIONS)
                .build();
        if (context instanceof OpenSslServerContext openSsl) {
            openSsl.sessionContext().setTicketKeys(); // BoringSSL's own, which change every other day.
        }
        return context;
    }

    /** Clients are not asked for certificates: all the authorities that Java trusts would be read for nothing. */
    private static final class Nobody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is trusted");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is trusted");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
