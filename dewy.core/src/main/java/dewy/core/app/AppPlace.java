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
        Keeper keeper,
        Runnable inspection)
        implements AppContext {

    /** Where it is written what runs. */
    @FunctionalInterface
    interface Keeper {
        void keep(HandoverState state) throws StorageException;
    }

    @Override
    public void keep(HandoverState state) throws StorageException {
        keeper.keep(state);
    }

    @Override
    public void changed() {
        inspection.run();
    }
}
