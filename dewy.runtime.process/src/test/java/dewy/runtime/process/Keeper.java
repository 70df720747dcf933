package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.process.Survivors;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps what runs in a file, resources by their references, as core does. */
final class Keeper implements TestApp.Keeping {
    private static final String DATA = "data.";
    private static final String RESOURCE = "resource.";

    private final Path file;
    private final List<HandoverState> states = new CopyOnWriteArrayList<>();
    private volatile Consumer<HandoverState> before = state -> {};
    private volatile boolean full;

    Keeper(Path file) {
        this.file = file;
    }

    @Override
    public void keep(HandoverState state) throws StorageException {
        before.accept(state);
        if (full) {
            throw new StorageException(Problem.of("keep what runs", file, "no space left on device", "Make room"));
        }
        write(state);
        states.add(state);
    }

    /** Returns what was kept, the last at the end. */
    List<HandoverState> states() {
        return states;
    }

    HandoverState last() {
        return states.get(states.size() - 1);
    }

    /** Has something looked at whenever something is about to be kept. */
    void beforeEach(Consumer<HandoverState> look) {
        before = look;
    }

    void fill(boolean isFull) {
        full = isFull;
    }

    /** Reads what was kept last, by whoever kept it, with the resources that are left. */
    static HandoverState read(Path file, Survivors survivors) throws DewyException, IOException {
        Properties kept = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            kept.load(reader);
        }
        Map<String, Inheritable> resources = survivors.find(startingWith(RESOURCE, kept));
        return new HandoverState(Integer.parseInt(kept.getProperty("format")), startingWith(DATA, kept), resources);
    }

    private void write(HandoverState state) {
        Properties kept = new Properties();
        kept.setProperty("format", Integer.toString(state.format()));
        state.data().forEach((name, value) -> kept.setProperty(DATA + name, value));
        state.resources().forEach((name, resource) -> kept.setProperty(RESOURCE + name, resource.reference()));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            try (var writer = Files.newBufferedWriter(next)) {
                kept.store(writer, null);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> startingWith(String prefix, Properties kept) {
        Map<String, String> found = new HashMap<>();
        kept.stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.put(name.substring(prefix.length()), kept.getProperty(name)));
        return found;
    }
}
