package dewy.tck.memory;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.runtime.Activation;
import dewy.replicas.Generation;
import dewy.replicas.Replica;
import dewy.replicas.ReplicaHost;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.Engine;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The containers of one app, as the engine runs them. Safe for use by several threads. */
final class Containers implements ReplicaHost {
    private static final String APP = "dewy.app";
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final int PROBE_MILLIS = 2_000;

    private final Engine engine;
    private final String app;
    private final Duration readyTimeout;

    Containers(Engine engine, String app, Duration readyTimeout) {
        this.engine = engine;
        this.app = app;
        this.readyTimeout = readyTimeout;
    }

    @Override
    public void ping(Call call) throws DewyException {
        engine.ping(call);
    }

    /** There is nothing that could be known before. */
    @Override
    public void requireStartable(Call call, Activation activation) {}

    @Override
    public void start(Call call, Generation generation, Collection<String> names) throws DewyException {
        Map<String, String> labels = new HashMap<>(generation.labels());
        labels.put(APP, app);
        String id =
                engine.create(call, generation.image(), generation.activation().environment(), labels);
        names.add(id);
        engine.start(call, id);
        awaitReady(call, id);
    }

    @Override
    public Optional<Replica> find(Call call, String name) throws DewyException {
        try {
            return Optional.of(replica(engine.inspect(call, name)));
        } catch (NotFoundException e) {
            call.check(); // Somebody removed it.
            return Optional.empty();
        }
    }

    @Override
    public List<Replica> list(Call call) throws DewyException {
        return engine.list(call, Map.of(APP, app)).stream()
                .map(Containers::replica)
                .toList();
    }

    @Override
    public String obituary(Call call, String name) throws DewyException {
        return find(call, name).isPresent() ? "it ended" : "it was removed";
    }

    @Override
    public void end(Call call, String name, Duration limit) throws DewyException {
        try {
            engine.stop(call, name, limit);
            engine.remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    @Override
    public void kill(Call call, String name) throws DewyException {
        try {
            engine.remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    /** It is never lost. */
    @Override
    public Registration watch(Call call, Consumer<String> ended, Runnable lost) {
        return engine.onExit(ended);
    }

    private static Replica replica(Container container) {
        Map<Integer, Integer> ports = container.ports();
        Optional<Integer> main =
                ports.size() == 1 ? Optional.of(ports.keySet().iterator().next()) : Optional.empty();
        return new Replica(
                container.id(),
                container.image(),
                container.labels(),
                container.isRunning(),
                ports,
                main,
                Replica.Details.of(container.id()));
    }

    private void awaitReady(Call call, String id) throws DewyException {
        long deadline = System.nanoTime() + readyTimeout.toNanos();
        Container container = engine.inspect(call, id);
        while (!isReady(container)) {
            if (!container.isRunning()) {
                throw failure(container, "it ended before it was ready", "See what it wrote");
            }
            if (System.nanoTime() > deadline) {
                throw failure(
                        container, "it is not ready after " + readyTimeout, "Give it more time with --ready-timeout");
            }
            call.pause(INTERVAL);
            container = engine.inspect(call, id);
        }
    }

    /** Returns whether it answers as one that serves. */
    private static boolean isReady(Container container) {
        for (int port : container.ports().values()) {
            try {
                HttpURLConnection question = (HttpURLConnection)
                        URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
                question.setConnectTimeout(PROBE_MILLIS);
                question.setReadTimeout(PROBE_MILLIS);
                question.setRequestProperty("Connection", "close");
                if (question.getResponseCode() != HttpURLConnection.HTTP_OK) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return container.isRunning();
    }

    private static ApplicationException failure(Container container, String why, String advice) {
        return new ApplicationException(
                Problem.of("start the container", container.id() + " of " + container.image(), why, advice));
    }
}
