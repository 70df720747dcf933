package dewy.bench.proxy;

import dewy.bench.proxy.Case.Mode;
import dewy.bench.proxy.Peer.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures the built-in proxy beside HAProxy, nginx, Caddy, kamal-proxy and the relay of the original Dewy, in front of the
 * same backend: requests, latency, the processor's time and memory, in turns, so that whatever else the host does befalls
 * all alike. Writes a table and a chart of the ratios. Everything runs on the loopback interface, and ends with this program.
 * Peers that are neither there nor can be built are left out. Run from the root of the project, once it is built:
 *
 * <pre>{@code
 * java -cp dewy.launcher/target/dewy-launcher.jar:dewy.bench/target/classes dewy.bench.proxy.ProxyBenchmark \
 *     --peers haproxy --modes http --sizes 128 --connections 128 --ways keep-alive --pairs 5 --seconds 3
 * }</pre>
 *
 * <p>It needs {@code wrk}, {@code nginx} and {@code openssl}. {@link Choice} has all options.
 */
public final class ProxyBenchmark {
    /** A data plane has its code compiled by then. */
    private static final int WARM_UP_SECONDS = 10;

    private final Choice choice;
    private final Path folder;
    private final Report report = new Report();
    private final List<Comparison> comparisons = new ArrayList<>();
    private volatile Optional<DataPlane> plane = Optional.empty();

    private ProxyBenchmark(Choice choice, Path folder) {
        this.choice = choice;
        this.folder = folder;
    }

    public static void main(String... arguments) throws Exception {
        Choice choice = Choice.parse(arguments);
        Path folder = Files.createTempDirectory("dewy-bench-");
        ProxyBenchmark benchmark = new ProxyBenchmark(choice, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(benchmark::end));
        benchmark.run();
        System.exit(0);
    }

    /** Ends all that was started, also where this program is interrupted. */
    private void end() {
        plane.ifPresent(DataPlane::close);
        List<ProcessHandle> started = ProcessHandle.current().descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(process -> process.onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(e -> process)
                .join());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.out.println(folder + " is left: " + e.getMessage());
        }
    }

    private void run() throws Exception {
        Load load = Load.in(folder);
        Path pem = certificate();
        Backend backend = Backend.start(Files.createDirectory(folder.resolve("backend")), choice.sizes());
        List<Contender> peers = startPeers(backend, pem);
        DataPlane dewy = DataPlane.start(folder.resolve("dewy"), backend, pem, choice.modes());
        plane = Optional.of(dewy);
        List<Contender[]> pairs = new ArrayList<>();
        peers.forEach(peer -> pairs.add(new Contender[] {dewy, peer}));
        if (choice.switching()) {
            pairs.add(new Contender[] {dewy.switching(), dewy});
        }
        announce(pairs);
        warmUp(load, dewy);
        measureIdle(dewy, peers);
        System.out.print(Report.header());
        for (Case what : choice.cases()) {
            for (Contender[] pair : pairs) {
                if (pair[0].speaks(what.mode()) && pair[1].speaks(what.mode())) {
                    measure(load, what, pair);
                }
            }
        }
        write();
    }

    private Path certificate() throws IOException, InterruptedException {
        Path key = folder.resolve("key");
        Path certificate = folder.resolve("certificate");
        String make =
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost"
                        + " -keyout " + key + " -out " + certificate;
        String unused = Server.run(folder, List.of(make.split(" ")));
        Path pem = folder.resolve("both.pem");
        return Files.writeString(pem, Files.readString(certificate) + Files.readString(key));
    }

    private List<Contender> startPeers(Backend backend, Path pem) throws InterruptedException {
        List<Contender> peers = new ArrayList<>();
        for (Peer peer : choice.peers()) {
            try {
                Path own = Files.createDirectory(folder.resolve(peer.toString()));
                peers.add(peer.start(own, Place.free(backend.port(), pem)));
            } catch (IOException e) {
                System.out.println("Without " + peer + ": " + e.getMessage());
            }
        }
        return peers;
    }

    private void announce(List<Contender[]> pairs) throws IOException {
        long count = choice.cases().stream()
                .flatMap(what ->
                        pairs.stream().filter(pair -> pair[0].speaks(what.mode()) && pair[1].speaks(what.mode())))
                .count();
        long seconds = count * Comparison.seconds(choice.pairs(), choice.seconds());
        System.out.printf(
                "%d comparisons, about %d minutes; %d processors, load %s%n%n",
                count,
                1 + seconds / 60,
                Runtime.getRuntime().availableProcessors(),
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private void warmUp(Load load, DataPlane dewy) throws Exception {
        for (Mode mode : choice.modes()) {
            for (boolean keepAlive : choice.keepAlive()) {
                if (dewy.speaks(mode)) {
                    Case small = new Case(mode, choice.sizes().get(0), 64, keepAlive);
                    Load.Run unused = load.run(dewy, small, WARM_UP_SECONDS);
                }
            }
        }
    }

    private void measure(Load load, Case what, Contender[] pair) throws Exception {
        Comparison one = Comparison.measure(load, what, pair[0], pair[1], choice.pairs(), choice.seconds());
        comparisons.add(one);
        System.out.println(report.add(one));
    }

    private void measureIdle(DataPlane dewy, List<Contender> peers) throws IOException, InterruptedException {
        for (int connections : choice.idle()) {
            Map<String, Double> megabytes = new LinkedHashMap<>();
            for (Contender one : Stream.concat(Stream.of(dewy), peers.stream()).toList()) {
                if (one.speaks(Mode.HTTP)) {
                    megabytes.put(one.title(), Load.residentWhileIdle(one, connections));
                }
            }
            System.out.println(report.addIdle(connections, megabytes));
        }
    }

    private void write() throws IOException {
        Files.createDirectories(choice.folder());
        Path table = Files.writeString(choice.folder().resolve("proxy.md"), report.toString());
        Path chart = Files.writeString(choice.folder().resolve("proxy.svg"), Chart.of(comparisons));
        System.out.println("Written: " + table + ", " + chart);
    }
}
