package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.event.Event;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningFileTest {
    private final Path folder;
    private final Path file;
    private final RunningFile running;
    private final List<Event> told = new ArrayList<>();
    private final EventScope events =
            new EventStream(InstantSource.fixed(Instant.EPOCH), told::add, Runnable::run).scope("app");

    RunningFileTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("running");
        this.running = new RunningFile(folder, "running", "a server", "process", "as it is");
    }

    @Test
    void findsAgainWhatWasWritten() throws Exception {
        running.keep(state());

        RunningFile.Found found = running.read(events).orElseThrow();

        assertThat(found)
                .isEqualTo(new RunningFile.Found(
                        "as it is", "process", 3, Map.of("a", "1"), Map.of("socket", "socket:7")));
        assertThat(running.isOutdated(found)).isFalse();
        assertThat(new RunningFile(folder, "running", "a server", "process", "otherwise").isOutdated(found))
                .isTrue();
        assertThat(told).isEmpty();
        running.forget();
        assertThat(running.read(events)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void takesWhatDoesNotSayWhoseItIsForThatOfWhoeverAsks() throws Exception {
        running.keep(state());
        assertThat(running.read(events).orElseThrow().isOf("process")).isTrue();
        assertThat(running.read(events).orElseThrow().isOf("docker")).isFalse();
        Files.writeString(file, Files.readString(file).replace("\"plugin\":\"process\",", ""));
        assertThat(running.read(events).orElseThrow().isOf("docker")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "garbage", "[]", "{\"format\":1}", "{\"format\":{}}", "\u00ff\u0000", "null"})
    void takesWhatItCannotUnderstandForNothingAndSaysSo(String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, bytes);

        assertThat(running.read(events)).isEmpty();

        Path kept = folder.resolve("running.damaged");
        assertThat(told).hasSize(1);
        assertThat(told.get(0).type()).isEqualTo("running.unreadable");
        assertThat(told.get(0).data())
                .containsEntry("path", file.toString())
                .containsEntry("kept", kept.toString())
                .containsKeys("error", "advice");
        assertThat(kept).hasBinaryContent(bytes);
        assertThat(running.read(events)).isEmpty();
        assertThat(told).as("once").hasSize(1);
        running.keep(state());
        assertThat(running.read(events)).isPresent();
    }

    @Test
    void takesAnyPartOfItForNothing() throws Exception {
        running.keep(state());
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(running.read(events)).isEmpty();
        }
    }

    @Test
    void keepsWhatHasNoResourcesOfThisHost() throws Exception {
        running.keep(new HandoverState(3, Map.of("a", "1"), Map.of()));

        assertThat(running.read(events))
                .hasValue(new RunningFile.Found("as it is", "process", 3, Map.of("a", "1"), Map.of()));
    }

    @Test
    void removesWhatACrashLeft() throws Exception {
        running.keep(state());
        Path left = Files.writeString(folder.resolve("running.new"), "half of it");

        assertThat(running.read(events)).isPresent();
        assertThat(left).doesNotExist();
    }

    private static HandoverState state() {
        return new HandoverState(3, Map.of("a", "1"), Map.of("socket", new Named("socket:7")));
    }

    private record Named(String reference) implements Inheritable {
        @Override
        public void end(Duration limit) {}

        @Override
        public void letGo() {}
    }
}
