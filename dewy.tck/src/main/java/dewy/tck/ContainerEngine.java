package dewy.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Docker Engine of the tests' own, one for all of a JVM: it has a folder, a bridge, and namespaces for its processes and mounts, so
 * that all of it ends with one process. It publishes ports on loopback through its userland proxy, and changes nothing of the
 * firewall but for one rule about addresses of its own, by which its containers reach each other: so several may run beside each
 * other. It needs root. Safe for use by several threads.
 */
public final class ContainerEngine implements AutoCloseable {
    private static final int BRIDGES = 64;

    private static @Nullable ContainerEngine shared;

    private final Path folder;
    private final Bridge bridge;
    private final Process process;

    private ContainerEngine(Path folder, Bridge bridge, Process process) {
        this.folder = folder;
        this.bridge = bridge;
        this.process = process;
    }

    /** The bridge of an engine, by its number, and the addresses that belong to it. */
    private record Bridge(int number) {
        String name() {
            return "dewytest" + number;
        }

        String gateway() {
            return "10.213." + number + ".1";
        }

        /** Those of all other networks of the engine. */
        String pool() {
            return "10.214." + number + ".0/24";
        }

        /** Bridged packets pass the firewall where it is told so, which drops them where another engine has set it up. */
        List<String> rule(String action) {
            return List.of(
                    "iptables",
                    "-w",
                    action,
                    "FORWARD",
                    "-s",
                    pool(),
                    "-d",
                    pool(),
                    "-j",
                    "ACCEPT",
                    "-m",
                    "comment",
                    "--comment",
                    name());
        }
    }

    /** Returns the one of this JVM, which runs by then; skips the test where there can be none. */
    public static synchronized ContainerEngine shared() throws IOException {
        if (shared == null) {
            shared = start(true);
        }
        return shared;
    }

    /** Starts one for a test alone, which ends what it runs when it ends itself, as engines do unless they are told otherwise. */
    public static ContainerEngine startWithoutLiveRestore() throws IOException {
        return start(false);
    }

    /** Returns where it listens, as {@code DOCKER_HOST} has it. */
    public String address() {
        return "unix://" + socket();
    }

    /** Returns the address of this host at which containers reach what listens here. */
    public InetAddress host() throws IOException {
        return InetAddress.getByName(bridge.gateway());
    }

    /** Has Docker's own client do something, and returns what it printed; fails if it fails. */
    public String docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker", "--host", address()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Kills the engine, as a crash would, which goes on after a moment; so does what it runs, but without live-restore. */
    public void crash() throws IOException {
        restart(ProcessHandle::destroyForcibly);
    }

    /** Ends the engine in good order, and starts it again. */
    public void restart() throws IOException {
        restart(ProcessHandle::destroy);
    }

    private void restart(Consumer<ProcessHandle> ending) throws IOException {
        ProcessHandle daemon = daemon().orElseThrow(() -> new IOException("the engine does not run"));
        ending.accept(daemon);
        Await.until("the end of the engine", () -> !daemon.isAlive());
        Await.until("the engine", this::answers);
    }

    private static ContainerEngine start(boolean liveRestore) throws IOException {
        ServerProgram.require(
                "root".equals(System.getProperty("user.name")), "only root can start an engine for containers");
        for (String program : List.of("dockerd", "containerd", "runc", "unshare", "ip", "busybox")) {
            Path unused = ServerProgram.require(program);
        }
        Path folder = Files.createTempDirectory("dewy-engine");
        Bridge bridge = newBridge();
        ContainerEngine engine = new ContainerEngine(folder, bridge, launch(folder, bridge, liveRestore));
        Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "end of the engine"));
        Await.until("the engine, whose log is in " + folder, engine::answers);
        return engine;
    }

    private static Process launch(Path folder, Bridge bridge, boolean liveRestore) throws IOException {
        String settings =
                """
                {"data-root": "W/state/root", "exec-root": "W/state/exec", "pidfile": "W/docker.pid", "hosts": ["unix://W/docker.sock"],
                 "insecure-registries": ["127.0.0.0/8"], "live-restore": L, "iptables": false, "ip-masq": false,
                 "bridge": "B", "default-address-pools": [{"base": "P", "size": 28}]}
                """;
        String containerd =
                """
                version = 2
                root = "W/state/containerd/root"
                state = "W/state/containerd/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                  address = "W/containerd.sock"
                """;
        String script =
                """
                containerd --config W/containerd.toml >W/containerd.log 2>&1 &
                while true; do
                  rm -f W/docker.pid
                  dockerd --config-file W/daemon.json --containerd W/containerd.sock >>W/dockerd.log 2>&1
                  sleep 0.05
                done
                """;
        Files.writeString(
                folder.resolve("daemon.json"),
                in(folder, settings)
                        .replace("\"B\"", "\"" + bridge.name() + "\"")
                        .replace("\": L,", "\": " + liveRestore + ",")
                        .replace("\"P\"", "\"" + bridge.pool() + "\""));
        Files.writeString(folder.resolve("containerd.toml"), in(folder, containerd));
        Files.writeString(folder.resolve("engine.sh"), in(folder, script));
        return new ProcessBuilder(
                        "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "engine.sh")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("engine.log").toFile())
                .start();
    }

    private static String in(Path folder, String text) {
        return text.replace("W/", folder + "/");
    }

    /** Bridges are given out by the kernel: who is second is told so. */
    private static Bridge newBridge() throws IOException {
        for (int number = 0; number < BRIDGES; number++) {
            Bridge bridge = new Bridge(number);
            try {
                // With an address of its own: else it has that of a container, and another one when that goes.
                String address = String.format("02:42:0a:d5:%02x:01", number);
                run(List.of("ip", "link", "add", bridge.name(), "address", address, "type", "bridge"));
            } catch (IOException e) {
                continue;
            }
            run(List.of("ip", "address", "add", bridge.gateway() + "/24", "dev", bridge.name()));
            run(List.of("ip", "link", "set", bridge.name(), "up"));
            if (ServerProgram.find("iptables").isPresent()) {
                run(bridge.rule("-I"));
            }
            return bridge;
        }
        throw new IOException("all bridges from dewytest0 are taken: remove those that are left with ip link del");
    }

    private Path socket() {
        return folder.resolve("docker.sock");
    }

    private boolean answers() throws IOException {
        if (daemon().isEmpty()) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            return channel.isConnected();
        }
    }

    private Optional<ProcessHandle> daemon() {
        return process.descendants()
                .filter(one -> one.info().command().orElse("").endsWith("/dockerd"))
                .findFirst();
    }

    /** Killing the first process of its namespace ends all others, and with them go the mounts. */
    @Override
    public synchronized void close() {
        if (!process.isAlive()) {
            return;
        }
        try {
            List<String> networks = docker("network", "ls", "--quiet", "--filter", "driver=bridge")
                    .lines()
                    .map(id -> "br-" + id)
                    .filter(name -> Files.exists(Path.of("/sys/class/net", name)))
                    .toList();
            List<ProcessHandle> all = process.descendants().toList();
            process.destroyForcibly().waitFor();
            for (ProcessHandle one : all) {
                one.onExit().get(10, TimeUnit.SECONDS);
            }
            for (String network : networks) {
                run(List.of("ip", "link", "del", network));
            }
            if (ServerProgram.find("iptables").isPresent()) {
                run(bridge.rule("-D"));
            }
            run(List.of("ip", "link", "del", bridge.name()));
            deleteFolder();
        } catch (Exception e) {
            System.err.println("The engine in " + folder + " could not be ended: " + e);
        }
    }

    private void deleteFolder() throws IOException {
        if (Files.readString(Path.of("/proc/self/mounts")).contains(folder.toString())) {
            throw new IOException("something is mounted in it");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String run(List<String> command) throws IOException {
        Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
        run.getOutputStream().close();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (run.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output.strip();
    }
}
