package dewy.artifact.http;

import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import java.nio.file.Path;
import java.util.List;

/** An app, with or without {@code --allow-http}. */
record TestApp(boolean allowsHttp) implements AppContext {
    @Override
    public String name() {
        return "web";
    }

    @Override
    public String command() {
        return "assets";
    }

    @Override
    public String host() {
        return "host-1";
    }

    @Override
    public Path directory() {
        return Path.of("").toAbsolutePath();
    }

    @Override
    public Path stateDirectory() {
        return directory().resolve(".dewy");
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
