package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome;
import dewy.archive.disk.ModelDisk;
import dewy.archive.disk.Watch;
import dewy.archive.disk.WatchedDisk;
import dewy.cache.file.FileCacheProvider;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever call of a deployment the disk fails, nothing is lost, and the next cycle makes up for it. */
class FaultyDiskTest {
    /** How a disk fails, and in which calls it may. */
    private enum Fault {
        FULL(EnumSet.of(
                Watch.Call.CREATE,
                Watch.Call.WRITE,
                Watch.Call.FORCE,
                Watch.Call.MAKE_DIRECTORY,
                Watch.Call.LINK,
                Watch.Call.RENAME)),
        FULL_HALFWAY(EnumSet.of(Watch.Call.WRITE)),
        BROKEN(EnumSet.allOf(Watch.Call.class)),
        FORBIDDEN(EnumSet.complementOf(
                EnumSet.of(Watch.Call.READ, Watch.Call.WRITE, Watch.Call.TRUNCATE, Watch.Call.FORCE))),
        SHORT(EnumSet.of(Watch.Call.WRITE));

        @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it, which its type does not say.
        private final Set<Watch.Call> calls;

        Fault(Set<Watch.Call> calls) {
            this.calls = calls;
        }

        void fail(Path path) throws IOException {
            switch (this) {
                case FULL -> throw new FileSystemException(path.toString(), null, "No space left on device");
                case BROKEN -> throw new IOException("Input/output error");
                case FORBIDDEN -> throw new AccessDeniedException(path.toString());
                case FULL_HALFWAY, SHORT -> {}
            }
        }
    }

    /** Fails one call, the n-th of those that may fail. */
    private static final class OneFault implements Watch {
        private final Fault fault;
        private int left;
        private boolean halfway;
        private String failed = "";

        OneFault(Fault fault) {
            this.fault = fault;
        }

        synchronized void arm(int number) {
            left = number;
        }

        synchronized String disarm() {
            left = 0;
            halfway = false;
            return failed;
        }

        @Override
        public synchronized void before(Call call, Path path) throws IOException {
            if (halfway && call == Call.WRITE && fault == Fault.FULL_HALFWAY) {
                halfway = false;
                throw new IOException("No space left on device");
            }
            if (left > 0 && fault.calls.contains(call) && --left == 0) {
                failed = call + " " + path;
                halfway = true;
                fault.fail(path);
            }
        }

        @Override
        public synchronized int admitted(int bytes) {
            boolean isShort = halfway && (fault == Fault.SHORT || fault == Fault.FULL_HALFWAY);
            halfway = halfway && fault == Fault.FULL_HALFWAY;
            return isShort ? (bytes + 1) / 2 : bytes;
        }
    }

    private final Path folder;
    private final Traces traces;

    FaultyDiskTest(@TempDir Path temporary) throws Exception {
        this.folder = Files.createDirectory(temporary.resolve("host"));
        this.traces = new Traces(folder);
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingAndGoesOnInTheNextCycle(Fault fault) throws Exception {
        ModelDisk before = deployed();
        int number = 1;
        while (true) {
            traces.erase();
            before.write(ModelDisk.View.KILLED);
            if (!fails(fault, number)) {
                break;
            }
            number++;
        }
        assertThat(number).as("calls that may fail").isGreaterThan(10);
    }

    @Test
    void goesBackFromWhatDoesNotStartAlsoWhenTheDiskIsFullByThen() throws Exception {
        AtomicBoolean full = new AtomicBoolean();
        ScriptedHost host = host(new Watch() {
            @Override
            public void before(Call call, Path path) throws IOException {
                if (full.get() && call == Call.WRITE) {
                    throw new FileSystemException(path.toString(), null, "No space left on device");
                }
            }
        });
        try {
            host.publish("v1.0.0");
            host.app().control().deploy("test");
            host.failing.add("v2.0.0");
            host.publish("v2.0.0");
            host.whenNotStarting = () -> full.set(true);

            CycleOutcome outcome = host.app().control().deploy("test");

            assertThat(outcome.reason()).isEqualTo("Cannot start v2.0.0: it exited at once");
            assertThat(traces.current()).contains("v1.0.0");
            full.set(false);
            host.whenNotStarting = () -> {};
            host.app().control().deploy("test");
            assertThat(host.app().status().quarantined()).containsKey("v2.0.0");
        } finally {
            host.end();
        }
    }

    @Test
    void doesNotDownloadWhatTheDiskHasNoRoomFor() throws Exception {
        ScriptedHost host = new ScriptedHost(folder);
        try {
            host.declaredSize = OptionalLong.of(1L << 60);
            host.publish("v1.0.0");

            CycleOutcome outcome = host.app().control().deploy("test");

            assertThat(outcome.failure()).contains(FailureKind.STORAGE);
            assertThat(outcome.reason())
                    .startsWith("Cannot download app.zip, which is to be unpacked beside " + folder)
                    .contains("it needs 1,152,921,504,606,846,976 bytes and the disk has ")
                    .endsWith(" left. Free some space; it is then tried again.");
            assertThat(host.fetched).isEmpty();
        } finally {
            host.end();
        }
    }

    /** Returns what an agent leaves that has deployed a release. */
    private ModelDisk deployed() throws Exception {
        List<Consumer<ModelDisk>> changes = new ArrayList<>();
        ScriptedHost host = host(new Watch() {
            @Override
            public void changed(Consumer<ModelDisk> change) {
                synchronized (changes) {
                    changes.add(change);
                }
            }
        });
        host.publish("v1.0.0");
        host.app().control().deploy("test");
        host.end();
        ModelDisk disk = new ModelDisk(folder);
        changes.forEach(change -> change.accept(disk));
        return disk;
    }

    /** Deploys with one fault; returns whether so many calls were made that it came to it. */
    private boolean fails(Fault fault, int number) throws Exception {
        OneFault disk = new OneFault(fault);
        ScriptedHost host = host(disk);
        try {
            host.publish("v1.0.0");
            host.pass(Duration.ofHours(1));
            host.app().control().deploy("test");
            host.publish("v2.0.0");
            host.pass(Duration.ofHours(1));

            disk.arm(number);
            CycleOutcome outcome = host.app().control().deploy("test");
            String where = fault + " " + number + ": " + disk.disarm() + " -> " + outcome;

            boolean served = traces.current().orElseThrow().equals("v2.0.0");
            requireTold(outcome, fault, where);
            host.pass(Duration.ofHours(1));
            CycleOutcome next = host.app().control().deploy("test");
            assertThat(traces.current()).as(where + " -> " + next).contains("v2.0.0");
            assertThat(host.app().status().current().orElseThrow().version())
                    .as(where)
                    .isEqualTo("v2.0.0");
            assertThat(host.app().status().quarantined()).as(where).isEmpty();
            if (served) {
                // What a deployment could not clean up is for the next one.
                host.publish("v3.0.0");
                host.pass(Duration.ofHours(1));
                host.app().control().deploy("test");
                assertThat(traces.current()).as(where).contains("v3.0.0");
            }
            traces.requireTidy(where);
            return !disk.failed.isEmpty();
        } finally {
            host.end();
        }
    }

    private void requireTold(CycleOutcome outcome, Fault fault, String where) {
        if (outcome.outcome() == CycleOutcome.Kind.FAILED) {
            String reason =
                    switch (fault) {
                        case FULL, FULL_HALFWAY -> "(No space left|the disk is full)";
                        case BROKEN -> "Input/output error";
                        case FORBIDDEN -> "permission denied";
                        case SHORT -> "nothing fails";
                    };
            assertThat(outcome.reason()).as(where).contains(folder.toString()).containsPattern(reason);
        }
    }

    private ScriptedHost host(Watch watch) {
        ScriptedHost host = new ScriptedHost(new WatchedDisk(watch).path(folder), new FileCacheProvider());
        host.options.put("keep-releases", List.of("1"));
        return host;
    }
}
