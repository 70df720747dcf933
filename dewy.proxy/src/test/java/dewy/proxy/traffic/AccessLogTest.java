package dewy.proxy.traffic;

import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings.Hold;
import dewy.proxy.traffic.TrafficSettings.Mode;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final String REQUEST = "GET /a\"b?c=\u00e4 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
    private static final int LARGE = 1 << 20;

    @TempDir
    Path folder;

    private List<String> lines(AccessFormat format) throws IOException {
        Path file = folder.resolve("access.log");
        AccessLog log = AccessLog.open(file, format, LARGE, 1);
        TrafficSettings settings = TrafficSettings.of(Mode.HTTP).with(new Hold(Duration.ofMillis(1), 1));
        try (log;
                RawBackend backend = RawBackend.answering("HTTP/1.1 201 Made\r\nContent-Length: 5\r\n\r\nhello");
                Listening listening = new Listening(new Traffic(settings, "web", Optional.of(log), notice -> {}))) {
            listening.traffic().route(List.of(Listening.backend(backend.port()).withVersion("v1.2.3")));
            ask(listening);
            listening.to();
            ask(listening);
        }
        return Files.readAllLines(file).stream()
                .map(line ->
                        line.replace("\"" + port(line) + "\"", "\"PORT\"").replace(" " + port(line) + " ", " PORT "))
                .toList();
    }

    /** The id of a backend is its port here. */
    private static String port(String line) {
        return line.replaceAll(".*?\\b(\\d{4,5})[\" ],?(?:\"version.*|v1.*)", "$1");
    }

    private static void ask(Listening listening) throws IOException {
        try (Socket client = listening.connect()) {
            write(client, REQUEST);
            readAll(client);
        }
    }

    @Test
    void writesTheCommonFormat() throws IOException {
        List<String> lines = lines(AccessFormat.COMMON);
        assertThat(lines).hasSize(2);
        String begin = "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\] "
                + "\"GET /a\\\\\"b\\?c=\\\\u00e4 HTTP/1.1\" ";
        assertThat(lines.get(0)).matches(begin + "201 5 \\d+ PORT v1.2.3");
        assertThat(lines.get(1)).matches(begin + "503 - \\d+ - -");
    }

    @Test
    void writesJson() throws IOException {
        assertThat(lines(AccessFormat.JSON).get(0))
                .matches("\\{\"time\":\"\\d{4}-.*Z\",\"client\":\"127\\.0\\.0\\.1\",\"host\":\"a\\.example\","
                        + "\"request\":\"GET /a\\\\\"b\\?c=\\\\u00e4 HTTP/1\\.1\",\"status\":201,\"bytes\":5,"
                        + "\"micros\":\\d+,\"backend\":\"PORT\",\"version\":\"v1\\.2\\.3\",\"app\":\"web\"}");
    }

    @Test
    void hasWhatIsRefusedAndWhatIsRelayed() throws IOException {
        Path file = folder.resolve("access.log");
        AccessLog log = AccessLog.open(file, AccessFormat.JSON, LARGE, 1);
        try (log;
                RawBackend backend = RawBackend.answering("hello");
                Listening http = new Listening(
                        new Traffic(TrafficSettings.of(Mode.HTTP), "web", Optional.of(log), notice -> {}));
                Listening tcp = new Listening(
                        new Traffic(TrafficSettings.of(Mode.TCP), "db", Optional.of(log), notice -> {}))) {
            tcp.to(backend.port());
            try (Socket client = tcp.connect()) {
                write(client, "\r\n\r\n");
                client.shutdownOutput();
                readAll(client);
            }
            try (Socket client = http.connect()) {
                write(client, "GET /x HTTP/1.1\r\nno field\r\n\r\n");
                readAll(client);
            }
        }
        assertThat(Files.readAllLines(file))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .contains("\"request\":\"\",\"status\":200,\"bytes\":5,", "\"app\":\"db\""),
                        line -> assertThat(line)
                                .contains("\"request\":\"GET /x HTTP/1.1\",\"status\":400,", "\"app\":\"web\""));
    }

    private static AccessEntry entry(int number) {
        return new AccessEntry(Instant.EPOCH, "c", "GET /" + number, "h", 200, 1, Duration.ZERO, "b", "v", "a");
    }

    @Test
    void keepsAFewFilesOfASize() throws IOException {
        Path file = folder.resolve("access.log");
        int line = AccessFormat.JSON.line(entry(0)).length();
        try (AccessLog log = AccessLog.open(file, AccessFormat.JSON, 2L * line, 2)) {
            for (int i = 0; i < 9; i++) {
                log.record(entry(i));
            }
        }
        assertThat(Files.readString(file)).contains("/8").doesNotContain("/7");
        assertThat(Files.readString(folder.resolve("access.log.1"))).contains("/6", "/7");
        assertThat(Files.readString(folder.resolve("access.log.2"))).contains("/4", "/5");
        assertThat(folder.resolve("access.log.3")).doesNotExist();
    }

    @Test
    void dropsWhatCannotBeWritten() throws IOException {
        AccessLog log = AccessLog.open(Files.createDirectory(folder.resolve("a")), AccessFormat.JSON, LARGE, 1);
        for (int i = 0; i < 10_000; i++) {
            log.record(entry(i));
        }
        log.close();
        assertThat(log.dropped()).isEqualTo(10_000);
    }
}
