package dewy.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import dewy.api.Call;
import dewy.api.Registration;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Carries the requests of one call to the engine, over a connection for each: HTTP/1.1 (RFC 9112) over a unix socket, TCP or TLS. A
 * connection is closed with its call, whatever it waits for.
 */
final class EngineTransport implements DockerHttpClient {
    private final EngineAddress address;
    private final Call call;

    EngineTransport(EngineAddress address, Call call) {
        this.address = address;
        this.call = call;
    }

    @Override
    public Response execute(Request request) {
        Connection connection = new Connection();
        Registration closing = call.onCancel(connection::close);
        try {
            connection.open(address);
            send(request, connection.out());
            return new Answer(HttpAnswer.read(connection.in(), request.method()), connection, closing);
        } catch (IOException e) {
            closing.close();
            connection.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Each request has a connection of its own. */
    @Override
    public void close() {}

    private static void send(Request request, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
        head.append("Host: engine\r\nConnection: close\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        byte[] body = Optional.ofNullable(request.bodyBytes()).orElse(new byte[0]);
        InputStream stream = request.body();
        if (stream != null && body.length == 0) {
            body = stream.readAllBytes();
        }
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        out.write(body);
        out.flush();
    }

    /** A connection that can be closed by another thread at any time, also before it is open. */
    private static final class Connection implements Closeable {
        private Optional<Closeable> socket = Optional.empty();
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private boolean closed;

        void open(EngineAddress address) throws IOException {
            if (address.isUnix()) {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(address.socket()));
                own(channel);
                in = Channels.newInputStream(channel);
                out = Channels.newOutputStream(channel);
            } else {
                Socket plain = new Socket();
                own(plain);
                plain.connect(new InetSocketAddress(address.uri().getHost(), address.port()));
                Socket secured = secured(plain, address);
                in = secured.getInputStream();
                out = secured.getOutputStream();
            }
        }

        private static Socket secured(Socket plain, EngineAddress address) throws IOException {
            if (address.tls().isEmpty()) {
                return plain;
            }
            String host = address.uri().getHost();
            var secured =
                    (SSLSocket) address.tls().get().getSocketFactory().createSocket(plain, host, address.port(), true);
            var parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return secured;
        }

        private synchronized void own(Closeable opened) throws IOException {
            socket = Optional.of(opened);
            if (closed) {
                opened.close();
            }
        }

        InputStream in() {
            return new BufferedInputStream(in);
        }

        OutputStream out() {
            return out;
        }

        @Override
        public synchronized void close() {
            closed = true;
            try {
                if (socket.isPresent()) {
                    socket.get().close();
                }
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }

    /** What the engine answered; closing it closes its connection. */
    private record Answer(HttpAnswer answer, Connection connection, Registration closing) implements Response {
        @Override
        public int getStatusCode() {
            return answer.status();
        }

        @Override
        public Map<String, List<String>> getHeaders() {
            return answer.headers();
        }

        @Override
        public InputStream getBody() {
            return answer.body();
        }

        @Override
        public void close() {
            closing.close();
            connection.close();
        }
    }
}
