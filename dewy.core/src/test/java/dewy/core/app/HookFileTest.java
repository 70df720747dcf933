package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.event.Event;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookFileTest {
    private final Path folder;
    private final Path file;
    private final List<Event> told = new ArrayList<>();
    private final HookFile hook;

    HookFileTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("running-hook");
        EventScope events = new EventStream(InstantSource.fixed(Instant.EPOCH), told::add, Runnable::run).scope("app");
        RunningFile record = new RunningFile(folder, "running-hook", "a hook", "", "as it is");
        this.hook = new HookFile(record, events, () -> references -> Map.of());
    }

    @Test
    void tellsThatTheDiskDoesNotForget() throws Exception {
        Files.createDirectories(file.resolve("in-the-way"));
        hook.forget();
        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("housekeeping.failed");
            assertThat(event.data().get("error")).contains(file.toString());
        });
    }

    @Test
    void advisesToStopTheHookWhereItIsUnreadable() throws Exception {
        Files.writeString(file, "garbage");
        assertThat(hook.earlier()).isEmpty();
        assertThat(told).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("kept", folder.resolve("running-hook.damaged").toString())
                .containsEntry("advice", "If a hook of the app that an earlier agent started still runs, stop it"));
    }
}
