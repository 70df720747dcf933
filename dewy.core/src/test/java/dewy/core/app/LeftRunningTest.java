package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what an earlier agent left running, whose app was changed since. */
@Timeout(30)
class LeftRunningTest {
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final List<String> letGo = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void makeHost() {
        host = new ScriptedHost(folder);
        host.survivors = references -> Map.of("server", new Server());
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void isGoneOnWithByThePluginWhoseItIs() throws Exception {
        leftBy("process");
        host.app();
        assertThat(host.adopted).hasSize(1);
        assertThat(ended).isEmpty();
    }

    @Test
    void isEndedAndGivenToNoOtherPlugin() throws Exception {
        leftBy("docker");
        host.app();
        assertThat(host.adopted).isEmpty();
        assertThat(ended).containsExactly("server");
        assertThat(host.told("running.ended")).singleElement().satisfies(told -> assertThat(told.data())
                .containsEntry("plugin", "runtime:docker")
                .containsEntry("names", "server"));
    }

    @Test
    void isEndedWhereNothingRunsAnyMore() throws Exception {
        Path record = leftBy("process");
        host.command = "assets";
        host.app();
        assertThat(ended).containsExactly("server");
        assertThat(record).doesNotExist();
    }

    @Test
    void isEndedAtTheStartWhereItIsAHookAndNoOtherIsToRun() throws Exception {
        host.survivors = references -> Map.of("shell", new Server());
        host.app().pause("bob");
        host.restart();
        Path state = folder.resolve("app/.dewy");
        new RunningFile(state, "running-hook", "a hook", "", "as it was")
                .keep(new HandoverState(1, Map.of("hook", "before"), Map.of("shell", new Server())));
        host.app().start("test");
        host.app().resumed().get();
        assertThat(ended).containsExactly("server");
        assertThat(host.told("hook.ended").get(0).data()).containsEntry("hook", "before");
        assertThat(state.resolve("running-hook")).doesNotExist();
    }

    @Test
    void isEndedBeforeAnotherPluginWritesDownWhatIsItsOwn() throws Exception {
        Path record = leftBy("docker");
        List<String> endedBefore = new ArrayList<>();
        HandoverState own = new HandoverState(1, Map.of(), Map.of());
        host.whenOpened = context -> {
            endedBefore.addAll(ended);
            try {
                context.keep(own);
            } catch (StorageException e) {
                throw new AssertionError(e);
            }
        };
        host.app();
        assertThat(endedBefore).containsExactly("server");
        assertThat(record).content().contains("\"process\"");
    }

    @Test
    void isEndedAsFarAsItsPluginFindsIt() throws Exception {
        leftBy("docker");
        host.recovery = kept -> kept.map(state -> state.with(Map.of("first", new Server(), "second", new Server())));
        host.app();
        assertThat(ended).containsExactly("server", "server");
    }

    @Test
    void isEndedAsItWasWrittenDownWhereItsPluginFails() throws Exception {
        leftBy("docker");
        host.recovery = kept -> {
            if (kept.isEmpty()) {
                return kept;
            }
            throw new UnreachableException(new Problem("ask the engine", "", "it does not answer", ""));
        };
        host.app();
        assertThat(ended).containsExactly("server");
        assertThat(letGo).isEmpty();
        assertThat(host.told("running.unclaimed")).singleElement().satisfies(told -> assertThat(told.data())
                .containsEntry("plugin", "runtime:docker")
                .containsEntry("error", "Cannot ask the engine: it does not answer"));
    }

    @Test
    void isEndedOfAProxyThatIsNotThereAnyMore() throws Exception {
        Path record = leftBy("running-proxy", "envoy");
        host.app();
        assertThat(ended).containsExactly("server");
        assertThat(record).doesNotExist();
        assertThat(host.told("running.unclaimed")).singleElement().satisfies(told -> assertThat(told.data())
                .containsEntry("plugin", "proxy:envoy"));
    }

    @Test
    void isLetGoWhereWhatAnotherPluginLeftCannotBeLookedFor() throws Exception {
        leftBy("process");
        leftBy("running-proxy", "envoy");
        AtomicInteger asked = new AtomicInteger();
        host.survivors = references -> {
            if (asked.incrementAndGet() > 1) {
                throw new UnreachableException(new Problem("look for it", "", "for the test", ""));
            }
            return Map.of("server", new Server());
        };
        assertThatThrownBy(() -> host.app()).hasMessageContaining("for the test");
        assertThat(letGo).containsExactly("server");
        assertThat(ended).isEmpty();
    }

    private Path leftBy(String plugin) throws Exception {
        return leftBy("running", plugin);
    }

    private Path leftBy(String record, String plugin) throws Exception {
        Path state = Files.createDirectories(folder.resolve("app/.dewy"));
        new RunningFile(state, record, "a server", plugin, "as it was")
                .keep(new HandoverState(1, Map.of(), Map.of("server", new Server())));
        return state.resolve(record);
    }

    private final class Server implements Inheritable {
        @Override
        public String reference() {
            return "server:1";
        }

        @Override
        public void end(Duration limit) {
            ended.add("server");
        }

        @Override
        public void letGo() {
            letGo.add("server");
        }
    }
}
