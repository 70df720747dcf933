package dewy.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.ChildProcess;
import dewy.api.process.Escaped;
import dewy.api.process.ExitStatus;
import dewy.api.process.Processes;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written down of a hook while it runs. */
@Timeout(30)
class HookRunnerTest {
    private final List<String> noted = new ArrayList<>();
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final CancellableCall call = CancellableCall.of("", Duration.ofMinutes(1));
    private final Keeper keeper = new Keeper();
    private final HookRunner runner;

    HookRunnerTest(@TempDir Path folder) {
        runner = new HookRunner(Children::new, folder, folder, keeper);
    }

    @Test
    void isForgottenAlsoWhereItIsCancelled() {
        call.cancel("it was cancelled by bob");
        assertThatThrownBy(this::run).isInstanceOf(CancelledException.class);
        assertThat(noted).containsExactly("keep before", "forget");
    }

    @Test
    void isForgottenAlsoWhereItCouldNotBeNoted() {
        keeper.refuses = true;
        assertThatThrownBy(this::run).isInstanceOf(StorageException.class);
        assertThat(noted).containsExactly("forget");
    }

    @Test
    void isKeptUntilItIsKnownWhetherTheHookStillRuns() throws Exception {
        keeper.refuses = true;
        assertThatThrownBy(runner::endEarlier).isInstanceOf(StorageException.class);
        assertThat(noted).isEmpty();
        keeper.refuses = false;
        assertThat(runner.endEarlier()).isPresent();
        assertThat(exit).isDone();
        assertThat(noted).containsExactly("forget");
        assertThat(runner.endEarlier()).isEmpty();
    }

    private HookOutcome run() throws DewyException {
        return runner.run(call, "before", "true", Map.of(), Duration.ofMinutes(1));
    }

    private final class Keeper implements HookKeeper {
        private boolean refuses;

        @Override
        public void keep(String name, ChildProcess shell) throws StorageException {
            if (refuses) {
                throw new StorageException(Problem.of("write", "it", "the disk is full", ""));
            }
            noted.add("keep " + name);
        }

        @Override
        public void forget() {
            noted.add("forget");
        }

        @Override
        public Optional<EarlierHook> earlier() throws StorageException {
            if (refuses) {
                throw new StorageException(Problem.of("read", "it", "the disk is broken", ""));
            }
            return Optional.of(new EarlierHook("before", new Child()));
        }
    }

    private final class Children implements Processes {
        @Override
        public void check(Spawn spawn, Map<Path, Path> links) {}

        @Override
        public ChildProcess spawn(Spawn spawn) {
            return new Child();
        }
    }

    /** A shell that ends when it is told to, and that nothing is left of then. */
    private final class Child implements ChildProcess {
        @Override
        public long pid() {
            return 1;
        }

        @Override
        public boolean isAlive() {
            return !exit.isDone();
        }

        @Override
        public void proceed() {}

        @Override
        public CompletableFuture<ExitStatus> exit() {
            return exit;
        }

        @Override
        public void signal(Signal signal) {}

        @Override
        public void signalGroup(Signal signal) {
            exit.complete(ExitStatus.UNKNOWN);
        }

        @Override
        public boolean isGroupAlive() {
            return isAlive();
        }

        @Override
        public Escaped escaped() {
            return Escaped.NONE;
        }

        @Override
        public String reference() {
            return "process:1";
        }
    }
}
