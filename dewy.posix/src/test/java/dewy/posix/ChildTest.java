package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.sun.jna.NativeLibrary;
import dewy.api.process.ChildProcess;
import dewy.api.process.Escaped;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ChildTest {
    private static final int PR_SET_CHILD_SUBREAPER = 36;

    @TempDir
    Path folder;

    private Children children = Children.of(Path.of("/"));

    @BeforeEach
    void open() {
        children = Children.of(folder);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void sendsTheSignalOfThatName(Signal signal) throws Exception {
        Requirements.linux();
        ChildProcess child = children.start(children.shell("ulimit -c 0; exec sleep 600"));
        Await.that(() -> read(Path.of("/proc/" + child.pid() + "/comm")).equals("sleep\n"), "the start");
        child.signal(signal);
        children.run(children.shell("kill -l " + Await.exit(child).code()));
        assertThat(children.output().strip()).isEqualTo(signal.name());
    }

    @Test
    void findsWhatHasLeftItsGroupAndNothingElse() throws Exception {
        Requirements.linux();
        ChildProcess other = children.start(children.command("sleep", "600"));
        ChildProcess child = children.start(children.shell("(setsid sh -c 'sleep 600 & echo > up; wait') & wait"));
        Await.that(() -> Files.exists(folder.resolve("up")), "the start");
        try (Escaped escaped = child.escaped();
                Escaped none = other.escaped()) {
            child.signalGroup(Signal.KILL);
            Await.exit(child);
            assertThat(escaped.isAlive()).isTrue();
            assertThat(none.isAlive()).isFalse();
            assertThat(child.escaped().isAlive()).isFalse();
            escaped.signal(Signal.KILL);
            Await.that(() -> !escaped.isAlive(), "the end of what had left");
        }
        assertThat(other.isAlive()).isTrue();
    }

    @Test
    void isAliveUntilItEnds() throws Exception {
        ChildProcess child = children.start(children.command("sleep", "600"));
        assertThat(child.isAlive()).isTrue();
        assertThat(child.exit()).isNotDone();
        child.signal(Signal.TERM);
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.killed(15));
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void tellsItsEndOnAThreadOfItsOwn() throws Exception {
        ChildProcess child = children.start(children.shell("read line"));
        CompletableFuture<String> thread =
                child.exit().thenApply(status -> Thread.currentThread().getName());
        assertThat(thread.get(30, TimeUnit.SECONDS))
                .isIn("dewy-child-" + child.pid(), Thread.currentThread().getName());
        child.exit().cancel(true);
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(1));
    }

    @Test
    void signalsTheWholeGroup() throws Exception {
        ChildProcess child = children.start(children.shell("sleep 600 & sh -c 'sleep 600 & echo $!; wait' & wait"));
        Await.that(() -> outputLines().size() == 1, "the grandchild");
        long grandchild = Long.parseLong(outputLines().get(0));
        child.signalGroup(Signal.TERM);
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.killed(15));
        Await.that(() -> !child.isGroupAlive(), "the end of the group");
        assertThat(ProcessHandle.of(grandchild).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    @Test
    void signalsOnlyTheLeaderWhenAskedTo() throws Exception {
        ChildProcess child = children.start(children.shell("sleep 600 & echo started; wait"));
        Await.that(() -> !outputLines().isEmpty(), "the start");
        child.signal(Signal.KILL);
        Await.exit(child);
        assertThat(child.isGroupAlive()).isTrue();
    }

    @Test
    void reachesTheGroupAfterItsLeaderEnded() throws Exception {
        ChildProcess child = children.start(children.shell("sleep 600 & sleep 600 & echo started"));
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(0));
        assertThat(child.isAlive()).isFalse();
        assertThat(child.isGroupAlive()).isTrue();
        child.signalGroup(Signal.KILL);
        Await.that(() -> !child.isGroupAlive(), "the end of the group");
        assertThatNoException().isThrownBy(() -> child.signalGroup(Signal.KILL));
    }

    @Test
    void neverSignalsWhoeverGotItsNumberLater() throws Exception {
        Requirements.linux();
        Requirements.root();
        ChildProcess old = children.start(children.shell("exit 0"));
        Await.exit(old);
        assertThat(old.isGroupAlive()).isFalse();
        ChildProcess next = withNumberOf(old).orElse(old);
        Requirements.setting(next != old, "the system gave the number to nobody");
        old.signal(Signal.KILL);
        old.signalGroup(Signal.KILL);
        assertThat(old.isGroupAlive()).isFalse();
        next.signal(Signal.TERM);
        assertThat(Await.exit(next)).isEqualTo(ExitStatus.killed(15));
    }

    @Test
    void reapsOrphansThatFallToThisProcess() throws Exception {
        Requirements.linux();
        adoptOrphans(1);
        try {
            ChildProcess child = children.start(children.shell("sleep 600 & echo $!"));
            Await.exit(child);
            assertThat(child.isGroupAlive()).isTrue();
            child.signalGroup(Signal.KILL);
            Await.that(() -> !child.isGroupAlive(), "the end of the group");
            assertThat(Path.of("/proc", outputLines().get(0))).doesNotExist();
        } finally {
            adoptOrphans(0);
        }
    }

    @Test
    void endsEvenWhenSomebodyElseTookItsExitCode() throws Exception {
        Spawner robbed = new Spawner(
                Children.thisSystem().abilities(),
                work -> new Thread(() -> {
                    int pid = Integer.parseInt(Thread.currentThread().getName().replace("dewy-child-", ""));
                    CLibrary.waitpid(pid, new int[1], 0);
                    work.run();
                }));
        ChildProcess child = robbed.spawn(children.shell("exit 0"));
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(255));
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void holdsNoDescriptorAndNoThreadAfterItsEnd() throws Exception {
        Requirements.linux();
        ChildProcess child = children.start(children.command("sleep", "600"));
        Await.that(() -> pidfdsOf(child) == 1, "the descriptor of the process");
        child.signal(Signal.KILL);
        Await.exit(child);
        assertThat(pidfdsOf(child)).isZero();
        Await.that(
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("dewy-child-" + child.pid())),
                "the end of the thread");
    }

    /** Starts processes until one gets the number of another one that ended. */
    private Optional<ChildProcess> withNumberOf(ChildProcess old) throws Exception {
        Path last = Path.of("/proc/sys/kernel/ns_last_pid");
        for (int i = 0; i < 50 && Files.isWritable(last); i++) {
            Files.writeString(last, Long.toString(old.pid() - 1));
            ChildProcess next = children.start(children.command("sleep", "600"));
            if (next.pid() == old.pid()) {
                return Optional.of(next);
            }
            next.signal(Signal.KILL);
        }
        return Optional.empty();
    }

    private static void adoptOrphans(long whether) {
        int result = NativeLibrary.getProcess()
                .getFunction("prctl")
                .invokeInt(new Object[] {PR_SET_CHILD_SUBREAPER, whether, 0L, 0L, 0L});
        assertThat(result).isZero();
    }

    private static long pidfdsOf(ChildProcess child) {
        try (var infos = Files.list(Path.of("/proc/self/fdinfo"))) {
            return infos.filter(info -> read(info).contains("\nPid:\t" + child.pid() + "\n"))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private List<String> outputLines() {
        return read(children.log()).lines().toList();
    }
}
