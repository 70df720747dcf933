package dewy.proxy.caddy;

import dewy.tck.TrustingTls;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Asks for a host over TLS, and takes whatever certificate it is shown. */
final class TlsClient {
    private final int port;
    private final String host;
    private String issuer = "";

    TlsClient(int port, String host) {
        this.port = port;
        this.host = host;
    }

    /** Returns the answer, with its header. */
    String get(String path) throws Exception {
        try (var socket = (SSLSocket)
                TrustingTls.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            issuer = certificate.getIssuerX500Principal().getName();
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Returns who certified the host. */
    String issuer() {
        return issuer;
    }
}
