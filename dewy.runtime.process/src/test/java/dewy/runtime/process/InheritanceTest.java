package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ExitStatus;
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
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                        Optional.of(activation()),
                        Optional.of(new Identity(8, new Child(108))),
                        List.of(new Identity(7, new Child(107)))),
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
                        3,
                        3,
                        0,
                        Optional.empty(),
                        Optional.of(new Identity(3, new Child(103))),
                        List.of(new Identity(2, new Child(102)))),
                List.of(new Port(new ListeningAddress("", 80), new Socket(new ListeningAddress("", 80)))),
                OptionalLong.empty());

        assertThat(inheritance.toState().resources()).containsOnlyKeys("socket.0", "generation.3", "draining.2");
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> Inheritance.of(new HandoverState(2, Map.of(), Map.of())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("format 2");
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

    private static Activation activation() {
        Artifact artifact = Artifact.archive("app_linux_amd64.tar.gz", "file:///r/v1/app.tar.gz")
                .withSize(42)
                .withDigest(new Digest("sha256", "ab".repeat(32)));
        return new Activation(
                new Deliverable(new Release("v1.0.0", Optional.of(NOON), List.of(artifact)), artifact),
                Optional.of(Path.of("/srv/releases/1")),
                Map.of("DEWY_VERSION", "v1.0.0"));
    }

    private record Socket(ListeningAddress address) implements ListeningSocket {
        @Override
        public String reference() {
            return "socket on " + address;
        }

        @Override
        public boolean isSubstitute() {
            return false;
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
    }
}
