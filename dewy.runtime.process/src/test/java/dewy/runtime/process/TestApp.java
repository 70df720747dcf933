package dewy.runtime.process;

import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An app in a folder. */
record TestApp(String name, Path directory, List<String> arguments, EventSink events) implements AppContext {
    static TestApp of(Path directory, EventSink events, String... command) {
        return new TestApp("app", directory, List.of(command), events);
    }

    @Override
    public String command() {
        return "server";
    }

    @Override
    public String host() {
        return "here";
    }

    @Override
    public Path stateDirectory() {
        try {
            return Files.createDirectories(directory.resolve(".dewy"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what the app wrote so far. */
    String output() {
        try {
            return Files.readString(stateDirectory().resolve("log").resolve(name + ".log"));
        } catch (IOException e) {
            return "";
        }
    }
}
