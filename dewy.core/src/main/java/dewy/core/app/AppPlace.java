package dewy.core.app;

import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import java.nio.file.Path;
import java.util.List;

/** The app as its plugins see it. */
record AppPlace(
        String name,
        String command,
        String host,
        Path directory,
        Path stateDirectory,
        List<String> arguments,
        boolean allowsHttp,
        EventSink events)
        implements AppContext {}
