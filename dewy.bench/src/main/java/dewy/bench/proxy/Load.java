package dewy.bench.proxy;

import dewy.bench.proxy.Case.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks proxies, by {@code wrk}, and measures what comes of it. */
final class Load {
    private static final String REPORT =
            """
            function done(summary, latency, requests)
                local e = summary.errors
                io.write(string.format("measured %d %d %d %d %.0f %.0f %.0f\\n", summary.requests, summary.bytes,
                    summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
                    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
            end
            """;

    private static final Pattern MEASURED =
            Pattern.compile("measured (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");
    private static final int ANSWER = 512;
    private static final int IDLE_SECONDS = 12;
    /** From this size on, hardly an answer is there as a whole when a run ends: what there is of them counts. */
    private static final int LARGE = 1 << 20;

    private final Path program;
    private final Path folder;
    private final Path script;

    /**
     * What a run has come to.
     *
     * @param requests answered a second; where answers are large, by the bytes that have arrived
     * @param megabytes that have arrived a second
     * @param errors requests that failed, of the whole run
     * @param median and the other two: in how many milliseconds so many were answered, as a whole
     * @param processorMicros of the proxy for a request
     * @param residentMegabytes of the proxy at the end
     */
    record Run(
            double requests,
            double megabytes,
            long errors,
            double median,
            double percentile99,
            double percentile999,
            double processorMicros,
            double residentMegabytes) {}

    private Load(Path program, Path folder, Path script) {
        this.program = program;
        this.folder = folder;
        this.script = script;
    }

    static Load in(Path folder) throws IOException, InterruptedException {
        return new Load(Programs.find("wrk"), folder, Files.writeString(folder.resolve("report.lua"), REPORT));
    }

    /** Asks for as many seconds as are given. */
    Run run(Contender of, Case what, int seconds) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--timeout", "30s", "-t", "2"));
        command.addAll(List.of("-c", "" + what.connections(), "-d", seconds + "s", "-s", script.toString()));
        if (!what.keepAlive()) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        String scheme = what.mode() == Mode.HTTPS ? "https" : "http";
        command.add(scheme + "://127.0.0.1:" + of.port(what.mode()) + what.path());
        long before = of.processorMicros();
        String printed;
        try (AutoCloseable busy = of.busy()) {
            printed = Server.run(folder, command);
        }
        long processor = of.processorMicros() - before;
        Matcher measured = MEASURED.matcher(printed);
        if (!measured.find()) {
            throw new IOException("wrk printed nothing of use: " + printed);
        }
        double bytes = Long.parseLong(measured.group(2));
        double requests = what.size() < LARGE ? Long.parseLong(measured.group(1)) : bytes / what.size();
        double micros = Long.parseLong(measured.group(3));
        return new Run(
                requests * 1e6 / micros,
                bytes / micros,
                Long.parseLong(measured.group(4)),
                Long.parseLong(measured.group(5)) / 1e3,
                Long.parseLong(measured.group(6)) / 1e3,
                Long.parseLong(measured.group(7)) / 1e3,
                processor / requests,
                of.residentMegabytes());
    }

    /**
     * Returns the resident memory of a proxy, in megabytes, that has some connections which were used once, and then not, for
     * long enough that what is not needed any more was given back.
     */
    static double residentWhileIdle(Contender of, int connections) throws IOException, InterruptedException {
        List<SocketChannel> open = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                open.add(ask(of.port(Mode.HTTP)));
            }
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            return of.residentMegabytes();
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    private static SocketChannel ask(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap("HEAD /well HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        if (channel.read(ByteBuffer.allocate(ANSWER)) < 0) {
            throw new IOException("a connection was closed");
        }
        return channel;
    }
}
