package dewy.runtime.process;

import dewy.api.event.EventSink;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Apps that run a server. */
final class ServerApp {
    private ServerApp() {}

    /** Returns an app in a folder, where it also keeps what runs. */
    static TestApp of(Path directory, EventSink events, String... command) {
        return TestApp.in(directory)
                .named("app")
                .running(command)
                .telling(events)
                .keeping(new Keeper(kept(directory)));
    }

    /** Returns where what runs of an app in this folder is kept. */
    static Path kept(Path directory) {
        return directory.resolve("kept");
    }

    /** Returns what an app wrote so far. */
    static String output(TestApp app) {
        try {
            return Files.readString(app.stateDirectory().resolve("log").resolve(app.name() + ".log"));
        } catch (IOException e) {
            return "";
        }
    }
}
