package dewy.proxy.tls;

import dewy.proxy.Listening;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import dewy.tck.TrustingTls;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The JDK as a client of TLS that trusts anybody. What it reads to the end was ended as TLS says, or reading fails. */
public final class TlsClient {
    private TlsClient() {}

    /** Returns settings that leave a client the time that its first handshake takes on a busy host. */
    public static TrafficSettings patient(Mode mode) {
        return TrafficSettings.of(mode).with(handshakeWithin(Duration.ofSeconds(60)));
    }

    static Timeouts handshakeWithin(Duration time) {
        Timeouts usual = Timeouts.DEFAULT;
        return new Timeouts(
                usual.connect(), time, usual.response(), usual.keepAlive(), usual.backendKeepAlive(), usual.idle());
    }

    public static SSLSocket connect(Listening to) throws IOException {
        return on(to.connect(), "a.example", "TLSv1.3", "TLSv1.2");
    }

    /** Begins to speak TLS on a connection. */
    public static SSLSocket on(Socket socket, String host, String... versions) throws IOException {
        SSLSocket tls =
                (SSLSocket) TrustingTls.context().getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        parameters.setProtocols(versions);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** Returns the name of the certificate that a client is shown. */
    static String shown(Listening by, String host) throws IOException {
        try (SSLSocket socket = on(by.connect(), host, "TLSv1.3")) {
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }
}
