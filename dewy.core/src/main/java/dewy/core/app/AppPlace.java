package dewy.core.app;

import dewy.api.StorageException;
import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
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
        EventSink events,
        RunningFile running,
        Runnable inspection)
        implements AppContext {
    @Override
    public void keep(HandoverState state) throws StorageException {
        running.write(state);
    }

    @Override
    public void changed() {
        inspection.run();
    }
}
