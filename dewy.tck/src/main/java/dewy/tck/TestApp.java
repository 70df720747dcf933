package dewy.tck;

import dewy.api.StorageException;
import dewy.api.event.EventSink;
import dewy.api.event.Level;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.route.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The app {@code web} on the host {@code host-1}, as plugins see it: it remembers what it is told. The methods that return
 * an app return another one, which remembers for itself. Safe for use by several threads.
 */
public final class TestApp implements AppContext {
    /** One thing that was told. */
    public record Told(Level level, String type, String text, Map<String, String> data) {}

    /** Does what core does to keep what runs. */
    @FunctionalInterface
    public interface Keeping {
        void keep(HandoverState state) throws StorageException;
    }

    private final Path directory;
    private final String name;
    private final String host;
    private final List<String> arguments;
    private final boolean allowsHttp;
    private final EventSink listener;
    private final Keeping keeping;
    private final Optional<Router> router;
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final List<HandoverState> kept = new CopyOnWriteArrayList<>();
    private volatile Optional<HandoverState> record = Optional.empty();
    private final AtomicInteger changes = new AtomicInteger();

    private TestApp(
            Path directory,
            String name,
            String host,
            List<String> arguments,
            boolean allowsHttp,
            EventSink listener,
            Keeping keeping,
            Optional<Router> router) {
        this.directory = directory.toAbsolutePath();
        this.name = name;
        this.host = host;
        this.arguments = arguments;
        this.allowsHttp = allowsHttp;
        this.listener = listener;
        this.keeping = keeping;
        this.router = router;
    }

    /** Returns an app in a folder of its own, which is made when it is needed. */
    public static TestApp in(Path directory) {
        return new TestApp(
                directory,
                "web",
                "host-1",
                List.of(),
                false,
                (level, type, text, data) -> {},
                state -> {},
                Optional.empty());
    }

    /** Returns an app of another name. */
    public TestApp named(String other) {
        return new TestApp(directory, other, host, arguments, allowsHttp, listener, keeping, router);
    }

    /** Returns an app on another host. */
    public TestApp on(String other) {
        return new TestApp(directory, name, other, arguments, allowsHttp, listener, keeping, router);
    }

    /** Returns an app with another command line. */
    public TestApp running(String... command) {
        return new TestApp(directory, name, host, List.of(command), allowsHttp, listener, keeping, router);
    }

    /** Returns an app with or without {@code --allow-http}. */
    public TestApp allowingHttp(boolean allows) {
        return new TestApp(directory, name, host, arguments, allows, listener, keeping, router);
    }

    /** Returns an app whose events are told to a listener as well. */
    public TestApp telling(EventSink also) {
        return new TestApp(directory, name, host, arguments, allowsHttp, also, keeping, router);
    }

    /** Returns an app that keeps what runs in another way; it remembers what could be kept. */
    public TestApp keeping(Keeping how) {
        return new TestApp(directory, name, host, arguments, allowsHttp, listener, how, router);
    }

    /** Returns an app whose traffic a router moves. */
    public TestApp routing(Router mover) {
        return new TestApp(directory, name, host, arguments, allowsHttp, listener, keeping, Optional.of(mover));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String command() {
        return "server";
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public Path stateDirectory() {
        try {
            return Files.createDirectories(directory.resolve(".dewy"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> arguments() {
        return arguments;
    }

    @Override
    public boolean allowsHttp() {
        return allowsHttp;
    }

    @Override
    public EventSink events() {
        return (level, type, text, data) -> {
            told.add(new Told(level, type, text, Map.copyOf(data)));
            listener.publish(level, type, text, data);
        };
    }

    @Override
    public void keep(HandoverState state) throws StorageException {
        keeping.keep(state);
        kept.add(state);
        record = Optional.of(state);
    }

    /** It counts as keeping a state with nothing in it. */
    @Override
    public void forget() throws StorageException {
        keep(new HandoverState(0, Map.of(), Map.of()));
        record = Optional.empty();
    }

    @Override
    public Optional<Router> router() {
        return router;
    }

    @Override
    public void changed() {
        changes.incrementAndGet();
    }

    /** Returns what was told, the first at the beginning. */
    public List<Told> told() {
        return List.copyOf(told);
    }

    /** Returns what was kept, the last at the end. */
    public List<HandoverState> kept() {
        return List.copyOf(kept);
    }

    /** Returns what the next agent would be given: what was kept last, unless it was forgotten. */
    public Optional<HandoverState> record() {
        return record;
    }

    /** Returns how often it was told to have changed of its own accord. */
    public int changes() {
        return changes.get();
    }
}
