package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ExitStatus;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import java.io.File;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is found of references, with processes of this agent in the place of those of an earlier one. */
@Timeout(60)
class SurvivorsTest {
    private static final String BOOT = "01234567-89ab-cdef-0123-456789abcdef";

    @TempDir
    Path folder;

    private final PosixSurvivors survivors = new PosixSurvivors();
    private Children children = Children.of(Path.of("/"));

    @BeforeEach
    void open() {
        Requirements.linux();
        children = Children.of(folder);
    }

    @AfterEach
    void close() {
        System.clearProperty(TakeoverWay.PROPERTY);
        children.close();
    }

    @Test
    void findsAProcessAndTellsItsEnd() throws Exception {
        ChildProcess child = children.start(children.command("sleep", "600"));
        ChildProcess found = process(find(child));
        assertThat(found.reference()).isEqualTo(child.reference());
        assertThat(found.pid()).isEqualTo(child.pid());
        assertThat(found.isAlive() && found.isGroupAlive()).isTrue();
        found.proceed();
        found.signal(Signal.TERM);
        assertThat(Await.exit(found)).isEqualTo(ExitStatus.UNKNOWN);
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.killed(15));
        assertThat(found.isAlive()).isFalse();
        Await.that(() -> !found.isGroupAlive(), "the end of the group");
        found.signal(Signal.KILL);
        found.signalGroup(Signal.KILL);
        assertThat(find(child)).isEmpty();
    }

    @Test
    void reachesTheGroupOfAProcess() throws Exception {
        ChildProcess child = children.start(children.shell("sleep 600 & echo started; wait"));
        Await.that(() -> TakeoverAgent.contains(children.log(), "started"), "the start");
        ChildProcess found = process(find(child));
        found.signal(Signal.KILL);
        Await.exit(found);
        assertThat(found.isGroupAlive()).isTrue();
        found.signalGroup(Signal.KILL);
        Await.that(() -> !found.isGroupAlive(), "the end of the group");
    }

    @Test
    void neverTakesAnotherProcessForOneThatHadItsNumber() throws Exception {
        ChildProcess child = children.start(children.command("sleep", "600"));
        ProcessReference own = ProcessReference.parse(child.reference()).orElseThrow();
        for (ProcessReference other : List.of(
                new ProcessReference(own.pid(), own.start() - 1, own.boot()),
                new ProcessReference(own.pid(), own.start() + 1, own.boot()),
                new ProcessReference(own.pid(), own.start(), BOOT),
                new ProcessReference(Integer.MAX_VALUE, own.start(), own.boot()))) {
            assertThat(survivors.find(Map.of("it", other.toString()))).isEmpty();
        }
        assertThat(child.isAlive()).isTrue();
    }

    @Test
    void leavesOutWhatIsNoReference() throws Exception {
        assertThat(survivors.find(Map.of("a", "", "b", "nonsense", "c", "process 1 1 x", "d", "socket 1 x 80 y")))
                .isEmpty();
    }

    @Test
    void findsNoSocketThatNobodyHas() throws Exception {
        String reference;
        try (ListeningSocket socket = listen("127.0.0.1")) {
            reference = socket.reference();
        }
        assertThat(survivors.find(Map.of("it", reference))).isEmpty();
        for (String way : List.of("store", "pidfd", "reuseport")) {
            System.setProperty(TakeoverWay.PROPERTY, way);
            assertThat(survivors.find(Map.of("it", reference))).isEmpty();
        }
    }

    @Test
    void getsNoSocketOfAProcessThatIsNotNamed() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "pidfd");
        try (ListeningSocket socket = listen("127.0.0.1")) {
            assertThatThrownBy(() -> survivors.find(Map.of("it", socket.reference())))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("nobody lets it go");
            ChildProcess child = withSocket(socket);
            Map<String, Inheritable> found = survivors.find(
                    Map.of("it", socket.reference(), "same", socket.reference(), "child", child.reference()));
            assertThat(found).hasSize(3);
            assertThat(found).containsEntry("same", socket(found));
            assertThat(socket(found).reference()).isEqualTo(socket.reference());
            socket(found).close();
            connect(socket);
        }
    }

    @Test
    void findsTheSocketOfAMemberOfTheGroupWhenItsLeaderHasEnded() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "pidfd");
        try (ListeningSocket socket = listen("::1");
                DescriptorLease lease = socket.lease()) {
            ChildProcess child = children.start(children.shell("sleep 600 &").withDescriptors(Map.of(3, lease)));
            Await.exit(child);
            Map<String, Inheritable> found =
                    survivors.find(Map.of("it", socket.reference(), "child", child.reference()));
            assertThat(found).containsOnlyKeys("it");
            socket(found).close();
        }
    }

    @Test
    void refusesAWayThatDoesNotExist() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "magic");
        try (ListeningSocket socket = listen("127.0.0.1")) {
            assertThatThrownBy(() -> survivors.find(Map.of("it", socket.reference())))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("magic");
        }
    }

    @Test
    void steersConnectionsToTheSubstituteAndBackWhenItIsClosed() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "reuseport");
        try (ListeningSocket socket = listen("127.0.0.1")) {
            ListeningSocket substitute = socket(find(socket));
            assertThat(substitute.isSubstitute()).isTrue();
            assertThat(substitute.address()).isEqualTo(socket.address());
            int before = waiting(socket);
            for (int i = 0; i < 100; i++) {
                connect(socket);
            }
            assertThat(waiting(socket)).isEqualTo(before);
            assertThat(waiting(substitute)).isGreaterThanOrEqualTo(100);
            substitute.close();
            connect(socket);
            assertThat(waiting(socket)).isEqualTo(before + 1);
        }
    }

    @Test
    void steersToTheLastOfSeveralSubstitutes() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "reuseport");
        try (ListeningSocket socket = listen("");
                ListeningSocket second = socket(find(socket));
                ListeningSocket third = socket(find(second))) {
            int before = waiting(third);
            for (int i = 0; i < 100; i++) {
                connect(socket);
            }
            assertThat(waiting(third)).isGreaterThanOrEqualTo(before + 100);
        }
    }

    @Test
    void stopsSteeringWhenItIsAlone() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "reuseport");
        ListeningSocket socket = listen("127.0.0.1");
        try (ListeningSocket substitute = socket(find(socket))) {
            String watcher = "dewy-steering-" + socket.address().port();
            assertThat(isRunning(watcher)).isTrue();
            socket.close();
            Await.that(() -> !isRunning(watcher), "the end of the watch");
            int before = waiting(substitute);
            connect(substitute);
            assertThat(waiting(substitute)).isEqualTo(before + 1);
        }
    }

    @Test
    void takesOnTheModeOfTheFileOfAUnixSocket() throws Exception {
        System.setProperty(TakeoverWay.PROPERTY, "reuseport");
        Path path = folder.resolve("app.sock");
        try (ListeningSocket socket = listen(path.toString())) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            ListeningSocket substitute = socket(find(socket));
            assertThat(substitute.isSubstitute()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw-rw-");
            assertThat(new File(folder.toString()).list()).containsExactly("app.sock");
            socket.close();
            assertThat(path).exists();
            substitute.close();
            assertThat(path).doesNotExist();
        }
    }

    private ChildProcess withSocket(ListeningSocket socket) throws Exception {
        try (DescriptorLease lease = socket.lease()) {
            return children.start(children.command("sleep", "600").withDescriptors(Map.of(5, lease)));
        }
    }

    private Map<String, Inheritable> find(Inheritable one) throws Exception {
        return survivors.find(Map.of("it", one.reference()));
    }

    private static ChildProcess process(Map<String, Inheritable> found) {
        return (ChildProcess) Objects.requireNonNull(found.get("it"));
    }

    private static ListeningSocket socket(Map<String, Inheritable> found) {
        return (ListeningSocket) Objects.requireNonNull(found.get("it"));
    }

    private static ListeningSocket listen(String host) throws Exception {
        return new PosixSockets().listen(new ListeningAddress(host, 0));
    }

    private static void connect(ListeningSocket socket) throws Exception {
        new Socket(InetAddress.getLoopbackAddress(), socket.address().port()).close();
    }

    private static int waiting(ListeningSocket socket) {
        return ListeningTable.ofTcp()
                .waiting(SocketReference.parse(socket.reference()).orElseThrow().inode());
    }

    private static boolean isRunning(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }
}
