package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ListeningAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agent after agent is killed under load; the next one replaces the server that is left, and no request may fail. */
@Tag("long")
@Timeout(300)
class TakeoverTest {
    private static final boolean LONG = Boolean.getBoolean("dewy.long");
    private static final int ROUNDS = LONG ? 20 : 2;
    private static final int CLIENTS = 3;

    @TempDir
    Path folder;

    private final Queue<Process> started = new ConcurrentLinkedQueue<>();
    private final Queue<Long> agents = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong requests = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        Requirements.linux();
        Requirements.program("python3");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (String name : List.of("server.py", "manager.py")) {
            try (InputStream script = getClass().getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(script), folder.resolve(name));
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        agents.forEach(TakeoverTest::kill);
        started.forEach(Process::destroyForcibly);
        for (int i = 0; Files.exists(folder.resolve("server." + i)); i++) {
            Files.readString(folder.resolve("server." + i))
                    .lines()
                    .filter(line -> line.startsWith("started "))
                    .forEach(line -> kill(Long.parseLong(line.substring("started ".length()))));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "store, root, 127.0.0.1:0, false",
        "store, nobody, 127.0.0.1:0, false",
        "pidfd, root, 127.0.0.1:0, false",
        "pidfd, nobody, 127.0.0.1:0, false",
        "reuseport, root, 127.0.0.1:0, true",
        "reuseport, nobody, 127.0.0.1:0, true",
        "reuseport, root, '[::1]:0,0', true",
        "store, root, '127.0.0.1:0,unix', false",
        "pidfd, root, '[::1]:0,unix', false",
        "reuseport, root, 'unix', true"
    })
    void losesNoRequestWhenAgentsAreKilled(String way, String user, String addresses, boolean substitute)
            throws Exception {
        Requirements.root();
        Path socket = folder.resolve("app.sock");
        String listened = agent(way, user, 0, addresses.replace("unix", socket.toString()));
        for (ListeningAddress address : ListeningAddress.parseList(listened)) {
            load(target(address));
        }
        for (int round = 1; round <= ROUNDS; round++) {
            awaitRequests();
            kill(agents.remove());
            assertThat(agent(way, user, round))
                    .isEqualTo(listened.split(",", -1).length + " " + substitute
                            + " ended, and its exit code is not known");
        }
        awaitRequests();
        assertThat(failures).isEmpty();
        System.out.println(way + " " + user + " " + listened + ": " + requests + " requests, " + failures.size()
                + " failures in " + ROUNDS + " rounds");
    }

    /** Starts an agent, and returns what it says when it is ready. */
    private String agent(String way, String user, int generation, String... addresses) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-D" + TakeoverWay.PROPERTY + "=" + way,
                "-cp",
                System.getProperty("java.class.path"),
                TakeoverAgent.class.getName(),
                user,
                folder.toString(),
                Integer.toString(generation)));
        command.addAll(List.of(addresses));
        Path output = folder.resolve("agent." + generation);
        agents.add(way.equals("store") ? byManager(command, output) : directly(command, output));
        Path ready = folder.resolve("ready." + generation);
        long pid = agents.element();
        Await.that(() -> Files.exists(ready) || !isAlive(pid), "agent " + generation);
        Await.that(() -> !isAlive(pid) || size(ready) > 0, "what agent " + generation + " says");
        assertThat(ready).as(Files.readString(output)).exists();
        return Files.readString(ready);
    }

    private long directly(List<String> command, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return process.pid();
    }

    private long byManager(List<String> command, Path output) throws IOException {
        if (started.isEmpty()) {
            Path notify = folder.resolve("notify");
            started.add(
                    new ProcessBuilder("python3", folder.resolve("manager.py").toString(), notify.toString())
                            .redirectError(folder.resolve("manager.log").toFile())
                            .start());
        }
        Process manager = started.element();
        String words =
                String.join(",", command.stream().map(word -> '"' + word + '"').toList());
        manager.outputWriter().write("[[" + words + "], \"" + output + "\"]\n");
        manager.outputWriter().flush();
        return Long.parseLong(manager.inputReader().readLine());
    }

    private void load(SocketAddress target) {
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> {
                while (!over.get()) {
                    request(target);
                    if (!LONG) {
                        LockSupport.parkNanos(1_000_000);
                    }
                }
            });
            client.start();
            clients.add(client);
        }
    }

    private void request(SocketAddress target) {
        try (SocketChannel channel = SocketChannel.open(target)) {
            channel.write(ByteBuffer.wrap(new byte[] {'?'}));
            ByteBuffer answer = ByteBuffer.allocate(10);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            if (answer.position() != 2) {
                failures.add(answer.position() + " bytes");
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
        requests.incrementAndGet();
    }

    private void awaitRequests() {
        long before = requests.get();
        Await.that(() -> requests.get() > before + 200, "requests");
    }

    private static SocketAddress target(ListeningAddress address) {
        return address.isUnix()
                ? UnixDomainSocketAddress.of(address.host())
                : new InetSocketAddress(address.host().isEmpty() ? "127.0.0.1" : address.host(), address.port());
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Await.that(() -> !isAlive(pid), "the end of " + pid);
    }

    /** What has ended is not alive, whenever whoever inherited it comes to take note of that. */
    private static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
