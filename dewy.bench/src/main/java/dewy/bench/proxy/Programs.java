package dewy.bench.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the programs that take part: those that are installed, and those that are built in a cache, {@code dewy-bench} where
 * the system has its caches. What is built comes as a Go module, or from sources in a folder of its name in {@code src} there.
 */
final class Programs {
    private static final String KAMAL_PROXY = "github.com/basecamp/kamal-proxy@v0.9.2";
    /** Version 2.19.0, which has no name for Go: the module's path is that of version 1. */
    private static final String DEWY = "github.com/linyows/dewy@69740c71a64a0fcb3584f4cdb18d3e3580389aa7";

    /** What the proxy of the original needs of the rest of it, which takes many times longer to build. */
    private static final String REST =
            """
            package dewy

            import (
                "net"
                "sync"
                "time"

                "github.com/linyows/dewy/logging"
                "github.com/linyows/dewy/telemetry"
            )

            type Dewy struct {
                config struct {
                    Container struct {
                        PortMappings     []struct{ ProxyPort int }
                        ProxyIdleTimeout time.Duration
                    }
                }
                tcpProxies map[int]*tcpProxy
                proxyMutex sync.RWMutex
                telemetry  *telemetry.Provider
                logger     *logging.Logger
            }

            func Relay(listener net.Listener, port int) {
                proxy := &tcpProxy{
                    listener:    listener,
                    done:        make(chan struct{}),
                    logger:      logging.SetupLogger("error", "text", nil),
                    idleTimeout: 5 * time.Minute,
                }
                proxy.addBackend("127.0.0.1", port)
                proxy.acceptLoop()
            }
            """;

    private static final String MAIN =
            """
            package main

            import (
                "net"
                "os"
                "strconv"

                "github.com/linyows/dewy"
            )

            func main() {
                listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
                if err != nil {
                    panic(err)
                }
                port, err := strconv.Atoi(os.Args[2])
                if err != nil {
                    panic(err)
                }
                dewy.Relay(listener, port)
            }
            """;

    private Programs() {}

    /**
     * Returns where a program is.
     *
     * @throws IOException if it is not there, and cannot be built
     */
    static Path find(String name) throws IOException, InterruptedException {
        Optional<Path> installed = Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        Path built = cache().resolve("bin").resolve(name);
        if (installed.isPresent()) {
            return installed.get();
        }
        if (!Files.isExecutable(built)) {
            switch (name) {
                case "kamal-proxy" -> build(sources(name, KAMAL_PROXY), "./cmd/kamal-proxy", built);
                case "dewy-relay" -> build(relay(sources("dewy", DEWY)), "./cmd/relay", built);
                default -> throw new IOException("it is not installed");
            }
        }
        return built;
    }

    private static Path cache() {
        String caches = System.getenv("XDG_CACHE_HOME");
        return (caches == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches))
                .resolve("dewy-bench");
    }

    private static Path sources(String name, String module) throws IOException, InterruptedException {
        Path own = cache().resolve("src").resolve(name);
        if (Files.exists(own.resolve("go.mod"))) {
            return own;
        }
        Path work = Files.createDirectories(cache().resolve("src"));
        String unused = Server.run(work, List.of("go", "mod", "download", module));
        return Path.of(Server.run(work, List.of("go", "list", "-m", "-f", "{{.Dir}}", module))
                .strip());
    }

    private static void build(Path sources, String main, Path program) throws IOException, InterruptedException {
        Files.createDirectories(program.getParent());
        System.out.println("Builds " + program.getFileName() + ", which takes minutes");
        List<String> command =
                new ArrayList<>(List.of("env", "CGO_ENABLED=0", "go", "build", "-C", sources.toString()));
        command.addAll(List.of("-buildvcs=false", "-o", program.toString(), main));
        String unused = Server.run(cache(), command); // A module's folder is not written to.
    }

    /** The proxy of the original is for itself alone: it gets a way in, in a copy. */
    private static Path relay(Path original) throws IOException {
        Path copy = cache().resolve("src").resolve("relay");
        for (String part : List.of("proxy.go", "connio.go", "go.mod", "go.sum", "logging", "telemetry", "internal")) {
            List<Path> files = new ArrayList<>();
            try (Stream<Path> all = Files.walk(original.resolve(part))) {
                all.filter(Files::isRegularFile).forEach(files::add);
            }
            for (Path file : files) {
                Path to = copy.resolve(original.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.writeString(copy.resolve("relay.go"), REST);
        Files.writeString(Files.createDirectories(copy.resolve("cmd/relay")).resolve("main.go"), MAIN);
        return copy;
    }
}
