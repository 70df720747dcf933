package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ExitStatus;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PosixProcessesTest {
    private final PosixProcesses processes = new PosixProcesses();

    @TempDir
    Path folder;

    @Test
    void tellsHowAProcessEnded() throws Exception {
        assertThat(run(shell("exit 7"))).isEqualTo(ExitStatus.exited(7));
        assertThat(run(shell("kill -TERM $$"))).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void appendsWhatProcessesWrite() throws Exception {
        run(shell("echo one; echo two >&2"));
        run(shell("echo three"));
        assertThat(output()).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void handsASocketOverToAServer() throws Exception {
        Requirements.program("python3");
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease lease = socket.lease()) {
            String accept = "import socket; c,_=socket.socket(fileno=5).accept(); c.sendall(b'hello'); c.close()";
            ChildProcess child = processes.spawn(spawn("python3", "-c", accept).withDescriptors(Map.of(5, lease)));
            try (Socket client = new Socket(
                    InetAddress.getLoopbackAddress(), socket.address().port())) {
                assertThat(new String(client.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo("hello");
            }
            assertThat(await(child)).isEqualTo(ExitStatus.exited(0));
        }
    }

    @Test
    void leaksNoDescriptorHoweverManyProcessesStartAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0))) {
            List<Future<ExitStatus>> exits = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> {
                        try (DescriptorLease lease = socket.lease()) {
                            return run(spawn("ls", "/proc/self/fd").withDescriptors(Map.of(3, lease)));
                        }
                    }))
                    .toList();
            for (Future<ExitStatus> exit : exits) {
                assertThat(exit.get().code()).isZero();
            }
            // 3 is the socket, 4 the folder that ls reads.
            assertThat(output().lines()).hasSize(2_000).containsOnly("0", "1", "2", "3", "4");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void givesEachDescriptorItsNumberEvenWhenTheyCross() throws Exception {
        Requirements.program("python3");
        try (ListeningSocket one = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                ListeningSocket two = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease first = one.lease();
                DescriptorLease second = two.lease()) {
            String print = "import socket; print(*[socket.socket(fileno=n).getsockname()[1] for n in (%d,%d)])"
                    .formatted(second.descriptor(), first.descriptor());
            run(spawn("python3", "-c", print)
                    .withDescriptors(Map.of(second.descriptor(), first, first.descriptor(), second)));
            assertThat(output().strip())
                    .isEqualTo(one.address().port() + " " + two.address().port());
        }
    }

    @Test
    void tellsTheChildItsOwnProcessId() throws Exception {
        Spawn spawn = shell("test $LISTEN_PID = $$").withListenPid();
        assertThat(run(spawn).code()).isZero();
    }

    @Test
    void namesAProgramThatCannotBeStarted() throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "no program");
        assertFails("nowhere/app", "there is no such file");
        assertFails("no-such-program-anywhere", "not in PATH");
        assertFails("./plain", "not executable");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertFails("./plain", "Exec format error");
        Files.writeString(plain, "#!/no/such/interpreter\n");
        assertFails("./plain", "No such file");
        assertThatThrownBy(() -> processes.spawn(Spawn.of(List.of("true"), folder.resolve("gone"), log())))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("working directory");
        assertThatThrownBy(() -> processes.spawn(Spawn.of(List.of("true"), folder, folder.resolve("no/where.log"))))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void endsAWholeGroupAlsoAfterItsLeader() throws Exception {
        ChildProcess child = processes.spawn(shell("sleep 600 & sleep 600 & echo started"));
        assertThat(await(child).code()).isZero();
        assertThat(child.isAlive()).isFalse();
        assertThat(child.isGroupAlive()).isTrue();
        child.signalGroup(Signal.KILL);
        eventually(() -> !child.isGroupAlive());
    }

    @Test
    void signalsNobodyOnceTheGroupIsGone() throws Exception {
        ChildProcess child = processes.spawn(shell("exit 0"));
        await(child);
        assertThat(child.isGroupAlive()).isFalse();
        child.signal(Signal.KILL);
        child.signalGroup(Signal.KILL);
    }

    @Test
    void startsWithDefaultSignalsAndAnEmptyMask() throws Exception {
        run(shell("grep -E 'Sig(Blk|Ign)' /proc/self/status"));
        // The C library ignores signals 32 and 33, which are its own, in each child.
        assertThat(output().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("Sig...:\\t0000000[01]80000000|Sig...:\\t0{16}"));
    }

    @Test
    void runsAsAnotherUser() throws Exception {
        Requirements.root();
        Requirements.program("setpriv");
        run(shell("id -un; id -gn; echo $USER").withUser(Optional.of("nobody"), Optional.empty()));
        assertThat(output()).isEqualTo("nobody\nnogroup\nnobody\n");
    }

    @Test
    void refusesAUserOrGroupThatDoesNotExist() {
        assertThatThrownBy(
                        () -> processes.spawn(shell("true").withUser(Optional.of("nobody-at-all"), Optional.empty())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("nobody-at-all");
        assertThatThrownBy(() ->
                        processes.spawn(shell("true").withUser(Optional.of("root"), Optional.of("no-group-at-all"))))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("no-group-at-all");
    }

    private void assertFails(String program, String why) {
        assertThatThrownBy(() -> processes.spawn(spawn(program)))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining(program)
                .hasMessageContaining(why);
        if (!"Exec format error".equals(why) && !"No such file".equals(why)) {
            assertThatThrownBy(() -> processes.spawn(spawn(program).withListenPid()))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining(why);
        }
    }

    private Spawn shell(String script) {
        return spawn("/bin/sh", "-c", script);
    }

    private Spawn spawn(String... command) {
        return Spawn.of(List.of(command), folder, log());
    }

    private ExitStatus run(Spawn spawn) throws Exception {
        return await(processes.spawn(spawn));
    }

    private static ExitStatus await(ChildProcess child) throws Exception {
        return child.exit().get(30, TimeUnit.SECONDS);
    }

    private Path log() {
        return folder.resolve("output.log");
    }

    private String output() throws IOException {
        return Files.readString(log());
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
