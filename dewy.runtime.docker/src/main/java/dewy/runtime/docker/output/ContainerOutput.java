package dewy.runtime.docker.output;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the containers of an app write, line by line: behind the name of the container in {@code log/<app>.log}, and told to the
 * logger {@code dewy.app.<app>}. A container is followed from its start on, or from where somebody else stopped. It is never
 * held up by that: what comes too fast waits with the engine. Safe for use by several threads.
 */
public final class ContainerOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerOutput.class);
    private static final long LAST_LINES_MILLIS = 1_000;

    /** A container that is followed, until it has ended. */
    private record Following(CancellableCall life, CompletableFuture<@Nullable Void> over) {}

    private final Engine engine;
    private final String app;
    private final OutputFile file;
    private final Path positions;
    private final UnaryOperator<String> masking;
    private final Logger logger;
    private final Map<String, Following> followed = new HashMap<>();
    private boolean failing;

    /**
     * Describes the output of an app; nothing is followed yet.
     *
     * @param limit the size in bytes from which the file is rotated
     * @param masking takes secrets out of a line
     */
    public ContainerOutput(Engine engine, Path stateDirectory, String app, long limit, UnaryOperator<String> masking) {
        this.engine = engine;
        this.app = app;
        Path folder = stateDirectory.resolve("log");
        this.file = new OutputFile(folder.resolve(app + ".log"), limit);
        this.positions = folder.resolve("containers");
        this.masking = masking;
        this.logger = LoggerFactory.getLogger("dewy.app." + app);
    }

    /** Follows a container; does nothing when that is done already. */
    public synchronized void follow(String container) {
        if (followed.containsKey(container)) {
            return;
        }
        Following following = new Following(
                CancellableCall.endless("output of " + container), new CompletableFuture<@Nullable Void>());
        followed.put(container, following);
        try {
            ToldUntil told = ToldUntil.of(positions, container);
            engine.follow(
                    following.life(),
                    container,
                    told.before(),
                    (time, line) -> tell(container, told, time, line),
                    () -> ended(container, following, told));
        } catch (IOException | DewyException e) {
            LOG.warn("Cannot follow the output of {}: {}", container, e.getMessage());
            end(container, following);
        }
    }

    /** Follows all of these, and forgets all others. */
    public void followAll(Collection<String> containers) {
        containers.forEach(this::follow);
        try {
            ToldUntil.keep(positions, containers);
        } catch (IOException e) {
            LOG.debug("Cannot clean {}: {}", positions, e.toString());
        }
    }

    /** Keeps nothing more of a container that was removed. */
    public void forget(String container) {
        try {
            ToldUntil.forget(positions, container);
        } catch (IOException e) {
            LOG.debug("Cannot clean {}: {}", positions, e.toString());
        }
    }

    /** Waits a moment for the last lines of a container that has ended. */
    public void awaitEnd(Call call, String container) throws DewyException {
        Optional<Following> following = following(container);
        if (following.isPresent()) {
            CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
            try (Registration waking = call.onCancel(() -> over.complete(null))) {
                await(CompletableFuture.anyOf(over, following.get().over()));
            }
            call.check();
        }
    }

    /** Follows none any more, until it is told to again. */
    @Override
    public void close() {
        List<Following> all;
        synchronized (this) {
            all = List.copyOf(followed.values());
        }
        all.forEach(one -> one.life().cancel("the output is not followed any more"));
        all.forEach(one -> await(one.over()));
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("Cannot close the output of {}: {}", app, e.toString());
        }
    }

    /** What the engine is too slow to say is not waited for. */
    private static void await(Future<?> end) {
        try {
            var unused = end.get(LAST_LINES_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // It ends later.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end cannot fail", e);
        }
    }

    private void tell(String container, ToldUntil told, Instant time, String line) {
        String text = masking.apply(line);
        logger.atInfo()
                .addKeyValue("app", app)
                .addKeyValue("container", container)
                .log(text);
        try {
            file.append(container + " | " + text);
            told.note(time);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("Cannot write down the output of {}: {}", app, e.toString());
            }
            failing = true;
        }
    }

    private void ended(String container, Following following, ToldUntil told) {
        try {
            told.close();
        } catch (IOException e) {
            LOG.debug("Cannot close the position in the output of {}: {}", container, e.toString());
        }
        end(container, following);
    }

    private synchronized Optional<Following> following(String container) {
        return Optional.ofNullable(followed.get(container));
    }

    private void end(String container, Following following) {
        synchronized (this) {
            followed.remove(container, following);
        }
        following.life().close();
        following.over().complete(null);
    }
}
