package dewy.runtime.process.ready;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server is ready when it answers a GET with a status from 200 to 399: a redirect, which is not followed, shows that it
 * serves as well. Of the answer only the first line is read.
 *
 * @param address what it is asked for
 */
record HttpAnswer(Address address) implements Readiness, Probe {
    private static final int LONGEST_LINE = 1_024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

    @Override
    public Waiting prepare(Means means) {
        return new ProbeLoop(this);
    }

    @Override
    public boolean needsPort() {
        return address.port() == 0;
    }

    @Override
    public Readiness at(int port) {
        return needsPort() ? new HttpAnswer(Address.own("http", port, address.path())) : Readiness.super.at(port);
    }

    @Override
    public byte[] question() {
        String request = "GET " + address.path() + " HTTP/1.1\r\nHost: " + address.host() + ":" + address.port()
                + "\r\nUser-Agent: dewy\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        return request.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Optional<String> hear(Connection connection) throws IOException {
        String line = connection.readLine(LONGEST_LINE);
        Matcher status = STATUS_LINE.matcher(line);
        if (!status.matches()) {
            return Optional.of(line.isEmpty() ? "closed the connection" : "answered \"" + OneLine.of(line) + "\"");
        }
        int code = Integer.parseInt(status.group(1));
        return code >= 200 && code < 400 ? Optional.empty() : Optional.of("answered " + code);
    }
}
