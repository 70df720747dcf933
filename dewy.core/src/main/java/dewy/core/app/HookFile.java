package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.Survivors;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.hook.HookKeeper;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The hook that runs, in a file as what else runs of an app. */
final class HookFile implements HookKeeper {
    private static final int FORMAT = 1;
    private static final String NAME = "hook";
    private static final String SHELL = "shell";

    private final RunningFile file;
    private final EventScope events;
    private final Supplier<Survivors> survivors;

    HookFile(RunningFile file, EventScope events, Supplier<Survivors> survivors) {
        this.file = file;
        this.events = events;
        this.survivors = survivors;
    }

    @Override
    public void keep(String name, ChildProcess shell) throws StorageException {
        file.keep(new HandoverState(FORMAT, Map.of(NAME, name), Map.of(SHELL, shell)));
    }

    @Override
    public void forget() {
        try {
            file.forget();
        } catch (StorageException e) {
            events.publish(EventKind.HOUSEKEEPING_FAILED, e.problem().sentence());
        }
    }

    @Override
    public Optional<EarlierHook> earlier() throws DewyException {
        Optional<RunningFile.Found> found = file.read(events);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String name = found.get().data().getOrDefault(NAME, "");
        return Optional.ofNullable(
                        survivors.get().find(found.get().references()).get(SHELL))
                .map(shell -> new EarlierHook(name, shell));
    }
}
