package dewy.runtime.docker;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One question to a port, whether somebody is there. The userland proxy of Docker accepts before the app listens,
 * and closes the connection then: so one that is accepted counts only if it stays open.
 *
 * @param address where it is
 * @param port where it is published there
 * @param path what is asked for over HTTP/1.1 (RFC 9112); without it, nothing is
 * @param timeout how long it may take
 */
record Probe(String address, int port, Optional<String> path, Duration timeout) {
    /** How long a connection has to stay open that nobody sends anything by. */
    private static final int QUIET_MILLIS = 150;

    /** Returns why it is not ready; empty if it is. */
    Optional<String> ask(Call call) throws DewyException {
        try (Socket socket = new Socket();
                Registration closing = call.onCancel(() -> close(socket))) {
            int millis = Math.max(1, (int) timeout.toMillis());
            socket.connect(new InetSocketAddress(address, port), millis);
            return path.isPresent() ? http(socket, path.get(), millis) : tcp(socket, Math.min(millis, QUIET_MILLIS));
        } catch (SocketTimeoutException e) {
            call.check();
            return Optional.of("does not answer within " + timeout.toMillis() + " ms");
        } catch (NoRouteToHostException e) {
            call.check();
            return Optional.of("cannot be reached");
        } catch (IOException e) {
            call.check();
            return Optional.of("refuses connections");
        }
    }

    private static Optional<String> tcp(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return socket.getInputStream().read() < 0 ? Optional.of("closes connections") : Optional.empty();
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> http(Socket socket, String path, int millis) throws IOException {
        socket.setSoTimeout(millis);
        String question =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: dewy\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String first = answer.readLine();
        if (first == null) {
            return Optional.of("closes connections");
        }
        return first.matches("HTTP/1\\.\\d [23]\\d\\d.*")
                ? Optional.empty()
                : Optional.of("answers " + path + " with \"" + first.strip() + "\"");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
