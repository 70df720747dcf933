package dewy.registry.github;

import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import java.nio.file.Path;
import java.util.List;

/** An app in a folder of its own. */
record TestApp(Path directory) implements AppContext {
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
        return (level, type, text, data) -> {};
    }
}
