package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ExitStatus;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Children that wait to be told to go on, with all that this system offers and with what older ones do. */
@Timeout(60)
@ParameterizedClass(name = "{1}")
@MethodSource("systems")
class GateTest {
    @Parameter(0)
    Spawner spawner = Children.thisSystem();

    @Parameter(1)
    String name = "";

    @TempDir
    Path folder;

    private Children children = Children.of(Path.of("/"));

    static Stream<Arguments> systems() {
        return Stream.of(
                Arguments.of(Children.thisSystem(), "this system"),
                Arguments.of(Children.olderSystem(), "an older system"));
    }

    @BeforeEach
    void open() {
        children = new Children(folder, spawner);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void beginsWhenItIsToldTo() throws Exception {
        Requirements.linux();
        ChildProcess child = children.start(children.shell("echo $$; echo oops >&2; cat; exit 3")
                .withListenPid()
                .asHeld());
        awaitGate(child);
        assertThat(children.output()).isEmpty();
        assertThat(child.isAlive()).isTrue();
        child.proceed();
        child.proceed();
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(3));
        child.proceed();
        assertThat(children.output()).isEqualTo(child.pid() + "\noops\n");
    }

    @Test
    void endsHavingDoneNothingWhenItsAgentIsKilled() throws Exception {
        Requirements.linux();
        String[] pids = SeparateAgent.run("", List.of(), "hold", folder)
                .lines()
                .findFirst()
                .orElseThrow()
                .split(" ", -1);
        ProcessHandle bystander = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();
        try {
            Await.that(
                    () -> ProcessHandle.of(Long.parseLong(pids[0]))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty(),
                    "the end of the child that waits");
            assertThat(bystander.isAlive()).isTrue();
            assertThat(folder.resolve("log")).isEmptyFile();
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void canBeEndedWhileItWaits() throws Exception {
        Requirements.linux();
        for (Signal signal : List.of(Signal.TERM, Signal.KILL)) {
            ChildProcess child =
                    children.start(children.shell("echo wrong").withListenPid().asHeld());
            awaitGate(child);
            child.signalGroup(signal);
            assertThat(Await.exit(child)).isEqualTo(ExitStatus.killed(Constants.number(signal)));
            child.proceed();
        }
        assertThat(children.output()).isEmpty();
    }

    @Test
    void keepsNoDescriptorOnceItWasToldToGoOnOrHasEnded() throws Exception {
        Requirements.linux();
        int before = pipes();
        ChildProcess told = children.start(children.command("sleep", "600").asHeld());
        assertThat(pipes()).isEqualTo(before + 1);
        told.proceed();
        assertThat(pipes()).isEqualTo(before);
        ChildProcess ended = children.start(children.command("sleep", "600").asHeld());
        ended.signal(Signal.KILL);
        Await.exit(ended);
        assertThat(pipes()).isEqualTo(before);
    }

    @Test
    void getsNoDescriptorOfTheGate() throws Exception {
        Requirements.linux();
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease lease = socket.lease()) {
            ChildProcess child = children.start(children.shell("ls -l /proc/$$/fd")
                    .withDescriptors(Map.of(0, lease, 3, lease))
                    .asHeld());
            child.proceed();
            Await.exit(child);
            String inode = "socket:["
                    + SocketReference.inode(Path.of("/proc/self/fd", Integer.toString(lease.descriptor()))) + "]";
            assertThat(children.output().lines().filter(line -> line.contains(" -> ")))
                    .hasSize(4)
                    .anyMatch(line -> line.endsWith(" 0 -> " + inode))
                    .anyMatch(line -> line.endsWith(" 1 -> " + children.log()))
                    .anyMatch(line -> line.endsWith(" 2 -> " + children.log()))
                    .anyMatch(line -> line.endsWith(" 3 -> " + inode));
        }
    }

    @Test
    void handsOverTheSocketsOfTheLargestRange() throws Exception {
        Requirements.linux();
        List<DescriptorLease> leases = new ArrayList<>();
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0))) {
            Map<Integer, DescriptorLease> descriptors = new HashMap<>();
            for (int number = 3; number < 3 + 256; number++) {
                leases.add(socket.lease());
                descriptors.put(number, leases.get(leases.size() - 1));
            }
            ChildProcess child = children.start(children.shell("ls /proc/$$/fd")
                    .withDescriptors(descriptors)
                    .asHeld());
            child.proceed();
            Await.exit(child);
            assertThat(children.output().lines().map(Integer::valueOf).sorted())
                    .containsExactlyElementsOf(IntStream.range(0, 259).boxed().toList());
        } finally {
            leases.forEach(DescriptorLease::close);
        }
    }

    @Test
    void keepsEveryVariable() throws Exception {
        Spawn spawn = children.command("env", "-0").withEnvironment(Map.of("server.port", "80 80", "B", "x=y\nz"));
        ChildProcess child = children.start(spawn.asHeld());
        child.proceed();
        Await.exit(child);
        assertThat(children.output().split("\0", -1)).contains("server.port=80 80", "B=x=y\nz");
    }

    @Test
    void becomesTheUserBehindTheGate() throws Exception {
        Requirements.root();
        Requirements.program("setpriv");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Spawn spawn = children.command("env")
                .withEnvironment(Map.of("server.port", "80"))
                .withUser(Optional.of("nobody"), Optional.empty())
                .withListenPid();
        ChildProcess child = children.start(spawn.asHeld());
        child.proceed();
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(0));
        assertThat(children.output().lines()).contains("LOGNAME=nobody", "server.port=80", "LISTEN_PID=" + child.pid());
    }

    private static void awaitGate(ChildProcess child) {
        Path own = Path.of("/proc", Long.toString(child.pid()), "fd", "2");
        Await.that(() -> link(own).startsWith("pipe:"), "the gate");
    }

    static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static int pipes() throws IOException {
        try (Stream<Path> own = Files.list(Path.of("/proc/self/fd"))) {
            return (int) own.filter(path -> link(path).startsWith("pipe:")).count();
        }
    }
}
