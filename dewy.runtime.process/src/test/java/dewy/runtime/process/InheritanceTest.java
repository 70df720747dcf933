package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Escaped;
import dewy.api.process.ExitStatus;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus;
import dewy.runtime.process.Generation.Identity;
import dewy.runtime.process.Ports.Port;
import dewy.runtime.process.Supervision.Standing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InheritanceTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123Z");

    @Test
    void isReadAsItWasWritten() throws Exception {
        Inheritance written = new Inheritance(
                new Supervision(
                        new Standing(RuntimeStatus.State.RUNNING, NOON, "exited with code 3"),
                        9,
                        8,
                        2,
                        3,
                        Optional.of(activation()),
                        Optional.of(new Identity(9, new Child(109), OptionalInt.empty())),
                        Optional.of(new Identity(8, new Child(108), OptionalInt.of(4711))),
                        List.of(new Identity(7, new Child(107), OptionalInt.empty())),
                        List.of(
                                new Identity(5, new Child(105), OptionalInt.empty()),
                                new Identity(6, new Child(106), OptionalInt.empty()))),
                List.of(
                        new Port(new ListeningAddress("", 0), new Socket(new ListeningAddress("", 32768))),
                        new Port(new ListeningAddress("/a,b", 0), new Socket(new ListeningAddress("/a,b", 0)))),
                OptionalLong.of(4711));

        assertThat(Inheritance.of(written.toState())).isEqualTo(written);
    }

    @Test
    void mayBeThatOfAnAppThatNeverRan() throws Exception {
        Inheritance written = new Inheritance(Supervision.none(NOON), List.of(), OptionalLong.empty());

        assertThat(Inheritance.of(written.toState())).isEqualTo(written);
    }

    @Test
    void namesItsResources() {
        Inheritance inheritance = new Inheritance(
                new Supervision(
                        new Standing(RuntimeStatus.State.RUNNING, NOON, ""),
                        4,
                        3,
                        0,
                        0,
                        Optional.empty(),
                        Optional.of(new Identity(4, new Child(104), OptionalInt.empty())),
                        Optional.of(new Identity(3, new Child(103), OptionalInt.empty())),
                        List.of(new Identity(2, new Child(102), OptionalInt.empty())),
                        List.of(new Identity(1, new Child(101), OptionalInt.empty()))),
                List.of(new Port(new ListeningAddress("", 80), new Socket(new ListeningAddress("", 80)))),
                OptionalLong.empty());

        assertThat(inheritance.toState().resources())
                .containsOnlyKeys("socket.0", "starting.4", "generation.3", "replaced.2", "draining.1");
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> Inheritance.of(new HandoverState(3, Map.of(), Map.of())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("format 3");
    }

    @Test
    void refusesWhatIsIncompleteOrMalformed() {
        HandoverState state = new Inheritance(Supervision.none(NOON), List.of(), OptionalLong.empty()).toState();
        Map<String, String> incomplete = new HashMap<>(state.data());
        incomplete.remove("newest");
        Map<String, String> malformed = new HashMap<>(state.data());
        malformed.put("state", "DANCING");

        assertThatThrownBy(() -> Inheritance.of(new HandoverState(1, incomplete, Map.of())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("newest");
        assertThatThrownBy(() -> Inheritance.of(new HandoverState(1, malformed, Map.of())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("DANCING");
    }

    @Test
    void mayBeThatOfTheFormatBefore() throws Exception {
        Inheritance written = new Inheritance(Supervision.none(NOON), List.of(), OptionalLong.empty());
        Map<String, String> before = new HashMap<>(written.toState().data());
        before.remove("crashes");

        assertThat(Inheritance.of(new HandoverState(1, before, Map.of()))).isEqualTo(written);
    }

    @Test
    void mayLackTheSocketsThatAreGone() throws Exception {
        Port lost = new Port(new ListeningAddress("", 80), new Socket(new ListeningAddress("", 80)));
        Port left = new Port(new ListeningAddress("", 81), new Socket(new ListeningAddress("", 81)));
        HandoverState state =
                new Inheritance(Supervision.none(NOON), List.of(lost, left), OptionalLong.empty()).toState();
        Map<String, Inheritable> resources = new HashMap<>(state.resources());
        resources.remove("socket.0");

        assertThat(Inheritance.of(new HandoverState(2, state.data(), resources)).ports())
                .containsExactly(left);
    }

    @Test
    void ofASubstituteIsOfAServerToBeReplacedUntilOneServesOnIt() throws Exception {
        Supervision serving = serving();
        Port port = new Port(new ListeningAddress("", 80), new Socket(new ListeningAddress("", 80)));
        Port substitute = new Port(port.wanted(), new Socket(new ListeningAddress("", 80), true));
        HandoverState kept = new Inheritance(serving, List.of(port), OptionalLong.empty()).toState();
        Map<String, Inheritable> found = new HashMap<>(kept.resources());
        found.put("socket.0", substitute.socket());

        Inheritance afterwards = Inheritance.of(new HandoverState(2, kept.data(), found));
        assertThat(afterwards.supervision().isCutOff()).isTrue();
        assertThat(Inheritance.of(afterwards.toState()).supervision().isCutOff())
                .isTrue();
        Inheritance replaced = new Inheritance(serving, List.of(substitute), OptionalLong.empty());
        assertThat(Inheritance.of(replaced.toState()).supervision().isCutOff()).isFalse();
    }

    private static Supervision serving() {
        return new Supervision(
                new Standing(RuntimeStatus.State.RUNNING, NOON, ""),
                1,
                1,
                0,
                0,
                Optional.of(activation()),
                Optional.empty(),
                Optional.of(new Identity(1, new Child(101), OptionalInt.empty())),
                List.of(),
                List.of());
    }

    private static Activation activation() {
        Artifact artifact = Artifact.archive("app_linux_amd64.tar.gz", "file:///r/v1/app.tar.gz")
                .withSize(42)
                .withDigest(new Digest("sha256", "ab".repeat(32)));
        return new Activation(
                new Deliverable(new Release("v1.0.0", Optional.of(NOON), List.of(artifact)), artifact),
                Optional.of(Path.of("/srv/releases/1")),
                Optional.empty(),
                Map.of("DEWY_VERSION", "v1.0.0"));
    }

    private record Socket(ListeningAddress address, boolean isSubstitute) implements ListeningSocket {
        Socket(ListeningAddress address) {
            this(address, false);
        }

        @Override
        public String reference() {
            return "socket " + address;
        }

        @Override
        public ListeningSocket duplicate() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void passTo(Path path, String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DescriptorLease lease() {
            throw new IllegalStateException("only to be handed on");
        }

        @Override
        public void close() {}
    }

    private record Child(long pid) implements ChildProcess {
        @Override
        public String reference() {
            return "process " + pid;
        }

        @Override
        public void proceed() {}

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public CompletableFuture<ExitStatus> exit() {
            return new CompletableFuture<>();
        }

        @Override
        public void signal(Signal signal) {}

        @Override
        public void signalGroup(Signal signal) {}

        @Override
        public boolean isGroupAlive() {
            return true;
        }

        @Override
        public Escaped escaped() {
            return Escaped.NONE;
        }
    }
}
