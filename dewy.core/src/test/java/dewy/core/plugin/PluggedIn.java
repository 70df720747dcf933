package dewy.core.plugin;

import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.core.event.EventScope;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Slots that have one instance of one provider in them. */
public final class PluggedIn implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Path folder;

    public PluggedIn(Path folder) {
        this.folder = folder;
    }

    /** Returns a slot with what a provider opens; whoever asks for it closes it. */
    public <T extends AutoCloseable> PluginSlot<T> slot(PluginKind<T> kind, EventScope events, Provider<T> provider)
            throws DewyException {
        PluginSlot<T> slot = new PluginSlot<>(
                kind,
                new PluginUrl("test", "", "", Map.of()),
                TestApp.in(folder),
                new Only(new OnlyOffer<>(provider)),
                events,
                new Guard(workers, timer, System::nanoTime));
        slot.fill();
        return slot;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private record OnlyOffer<T extends AutoCloseable>(Provider<T> provider) implements Offer<T> {
        @Override
        public List<String> schemes() {
            return List.of("test");
        }

        @Override
        public String bundle() {
            return "test";
        }
    }

    private record Only(Offer<?> offer) implements PluginDirectory {
        @Override
        @SuppressWarnings("unchecked")
        public <T extends AutoCloseable> Optional<Offer<T>> best(PluginKind<T> kind, String scheme) {
            return Optional.of((Offer<T>) offer);
        }

        @Override
        public String advice(PluginKind<?> kind, String scheme) {
            return "";
        }

        @Override
        public Registration listen(Listener listener) {
            return () -> {};
        }
    }
}
