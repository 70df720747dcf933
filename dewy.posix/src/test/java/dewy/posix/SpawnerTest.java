package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ExitStatus;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** What a child gets, with all that this system offers and with what older ones do. */
@Timeout(120)
@ParameterizedClass(name = "{1}")
@MethodSource("systems")
class SpawnerTest {
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
    void tellsHowAProcessEnded() throws Exception {
        assertThat(children.run(children.shell("exit 0"))).isEqualTo(ExitStatus.exited(0));
        assertThat(children.run(children.shell("exit 255"))).isEqualTo(ExitStatus.exited(255));
        assertThat(children.run(children.shell("kill -TERM $$"))).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void appendsWhatProcessesWriteToAPrivateFile() throws Exception {
        children.run(children.shell("echo one; echo two >&2"));
        children.run(children.shell("echo three"));
        assertThat(children.output()).isEqualTo("one\ntwo\nthree\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(children.log())))
                .isEqualTo("rw-r-----");
    }

    @Test
    void writesWholeLinesOfSeveralProcessesAtOnce() throws Exception {
        String line = "x".repeat(100);
        String writes = "i=0; while [ $i -lt 200 ]; do echo " + line + "; i=$((i+1)); done";
        ChildProcess one = children.start(children.shell(writes));
        ChildProcess two = children.start(children.shell(writes));
        Await.exit(one);
        Await.exit(two);
        assertThat(children.output().lines()).hasSize(400).containsOnly(line);
    }

    @Test
    void writesToAnOutputNamedFromTheFolderOfTheAgent() throws Exception {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve("relative.log"));
        children.run(Spawn.of(List.of("/bin/echo", "here"), folder, relative));
        assertThat(folder.resolve("relative.log")).hasContent("here");
    }

    @Test
    void readsFromNothing() throws Exception {
        assertThat(children.run(children.command("cat"))).isEqualTo(ExitStatus.exited(0));
    }

    @Test
    void startsAProgramOfItsWorkingDirectory() throws Exception {
        Path there = Files.createDirectory(folder.resolve("a folder with 'quotes' and $signs"));
        script(there.resolve("app"), "pwd -P");
        Spawn spawn = Spawn.of(List.of("./app"), there, children.log());
        assertThat(children.run(spawn)).isEqualTo(ExitStatus.exited(0));
        assertThat(children.output().strip()).isEqualTo(there.toRealPath().toString());
    }

    @Test
    void passesArgumentsUnchanged() throws Exception {
        List<String> words = List.of("printf", "%s\\n", "", "two words", "$HOME", "\"'\\", "*", "ü€", "-n");
        assertThat(children.run(Spawn.of(words, folder, children.log()).withListenPid()))
                .isEqualTo(ExitStatus.exited(0));
        assertThat(children.output().lines()).containsExactlyElementsOf(words.subList(2, words.size()));
    }

    @Test
    void findsAProgramInThePathOfTheChild() throws Exception {
        script(folder.resolve("only-here"), "echo found");
        Spawn spawn = children.command("only-here").withEnvironment(Map.of("PATH", "/no/such:" + folder));
        assertThat(children.run(spawn)).isEqualTo(ExitStatus.exited(0));
        assertThat(children.output()).isEqualTo("found\n");
    }

    @Test
    void keepsEveryVariableAlsoBehindAShell() throws Exception {
        Map<String, String> variables =
                Map.of("A", "1", "server.port", "80 80", "B", "x=y\nz", "PATH", "/usr/bin:/bin");
        Spawn spawn = new Spawn(
                List.of("env", "-0"),
                folder,
                variables,
                Map.of(),
                children.log(),
                Optional.empty(),
                Optional.empty(),
                true,
                false);
        ChildProcess child = children.start(spawn);
        Await.exit(child);
        assertThat(children.output().split("\0", -1))
                .contains("A=1", "server.port=80 80", "B=x=y\nz", "LISTEN_PID=" + child.pid());
    }

    @Test
    void tellsTheChildItsOwnProcessId() throws Exception {
        assertThat(children.run(children.shell("test $LISTEN_PID = $$").withListenPid()))
                .isEqualTo(ExitStatus.exited(0));
        assertThat(children.run(children.shell("test -z \"$LISTEN_PID\""))).isEqualTo(ExitStatus.exited(0));
    }

    @Test
    void leaksNoDescriptorHoweverManyProcessesStartAtOnce() throws Exception {
        Requirements.linux();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0))) {
            List<Future<ExitStatus>> exits = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> {
                        try (DescriptorLease lease = socket.lease()) {
                            return children.run(
                                    children.command("ls", "/proc/self/fd").withDescriptors(Map.of(5, lease)));
                        }
                    }))
                    .toList();
            for (Future<ExitStatus> exit : exits) {
                assertThat(exit.get()).isEqualTo(ExitStatus.exited(0));
            }
            // 5 is the socket, 3 the folder that ls reads.
            assertThat(children.output().lines()).hasSize(2_000).containsOnly("0", "1", "2", "3", "5");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void givesEachDescriptorItsNumberEvenWhenTheyCross() throws Exception {
        Requirements.linux();
        try (ListeningSocket one = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                ListeningSocket two = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease first = one.lease();
                DescriptorLease second = two.lease()) {
            int low = first.descriptor();
            int high = second.descriptor();
            children.run(children.command("readlink", "/proc/self/fd/" + low, "/proc/self/fd/" + high)
                    .withDescriptors(Map.of(high, first, low, second)));
            assertThat(children.output().lines())
                    .containsExactly(
                            Files.readSymbolicLink(Path.of("/proc/self/fd/" + high))
                                    .toString(),
                            Files.readSymbolicLink(Path.of("/proc/self/fd/" + low))
                                    .toString());
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
            children.run(children.shell("ls /proc/$$/fd").withDescriptors(descriptors));
            assertThat(children.output().lines().map(Integer::valueOf).sorted())
                    .containsExactlyElementsOf(IntStream.range(0, 259).boxed().toList());
        } finally {
            leases.forEach(DescriptorLease::close);
        }
    }

    @Test
    void startsWithDefaultSignalsAnEmptyMaskAndAGroupOfItsOwn() throws Exception {
        Requirements.linux();
        children.run(children.command("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"));
        ChildProcess child = children.start(children.command("cut", "-d ", "-f5", "/proc/self/stat"));
        Await.exit(child);
        List<String> lines = children.output().lines().toList();
        // The C library ignores signals 32 and 33, which are its own, in each child.
        assertThat(lines.subList(0, 2)).allMatch(line -> line.matches("Sig...:\\t(0000000[01]80000000|0{16})"));
        assertThat(lines.get(2)).isEqualTo(Long.toString(child.pid()));
    }

    private static void script(Path file, String text) throws Exception {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
