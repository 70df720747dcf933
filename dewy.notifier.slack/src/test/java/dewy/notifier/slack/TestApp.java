package dewy.notifier.slack;

import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An app named {@code web} on the host {@code host-1}, which keeps what it is told. */
record TestApp(Path directory, List<String> told) implements AppContext {
    static TestApp in(Path directory) {
        return new TestApp(directory, new ArrayList<>());
    }

    @Override
    public String name() {
        return "web";
    }

    @Override
    public String command() {
        return "server";
    }

    @Override
    public String host() {
        return "host-1";
    }

    @Override
    public Path stateDirectory() {
        return directory.resolve(".dewy");
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public EventSink events() {
        return (level, type, text, data) -> told.add(level + " " + type + " " + text + " " + data);
    }
}
