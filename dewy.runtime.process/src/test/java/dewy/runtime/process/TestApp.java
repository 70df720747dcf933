package dewy.runtime.process;

import dewy.api.StorageException;
import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An app in a folder. */
record TestApp(String name, Path directory, List<String> arguments, EventSink events, Keeper keeper)
        implements AppContext {
    static TestApp of(Path directory, EventSink events, String... command) {
        return new TestApp("app", directory, List.of(command), events, new Keeper(kept(directory)));
    }

    /** Returns where what runs of an app in this folder is kept. */
    static Path kept(Path directory) {
        return directory.resolve("kept");
    }

    @Override
    public void keep(HandoverState state) throws StorageException {
        keeper.keep(state);
    }

    @Override
    public void changed() {
        keeper.changed();
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
