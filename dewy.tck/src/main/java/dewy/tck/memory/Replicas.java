package dewy.tck.memory;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.Engine;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The containers of one app, as the engine runs them. */
final class Replicas {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final int PROBE_MILLIS = 2_000;

    private final Engine engine;
    private final String app;
    private final Duration readyTimeout;

    Replicas(Engine engine, String app, Duration readyTimeout) {
        this.engine = engine;
        this.app = app;
        this.readyTimeout = readyTimeout;
    }

    /**
     * Starts replicas, and returns once they are ready.
     *
     * @param ids to which each is added as soon as it exists, so that it can be ended when this throws
     */
    void start(Call call, Generation generation, int count, Collection<String> ids) throws DewyException {
        List<String> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = engine.create(
                    call, generation.image(), generation.activation().environment(), generation.labels(app));
            ids.add(id);
            started.add(id);
            engine.start(call, id);
        }
        for (String id : started) {
            awaitReady(call, id);
        }
    }

    /** Returns those that run, as they are now. */
    List<Container> running(Call call, Collection<String> ids) throws DewyException {
        List<Container> running = new ArrayList<>();
        for (String id : ids) {
            try {
                Container container = engine.inspect(call, id);
                if (container.isRunning()) {
                    running.add(container);
                }
            } catch (NotFoundException e) {
                call.check(); // Somebody removed it.
            }
        }
        return running;
    }

    /** Tells one to stop, and removes it once it has; does nothing when it is gone. */
    void end(Call call, String id, Duration limit) throws DewyException {
        try {
            engine.stop(call, id, limit);
            engine.remove(call, id);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    /** Removes one at once. */
    void kill(Call call, String id) throws DewyException {
        try {
            engine.remove(call, id);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
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
            pause(call);
            container = engine.inspect(call, id);
        }
    }

    /** Returns whether it answers as one that serves. */
    static boolean isReady(Container container) {
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

    private static void pause(Call call) throws DewyException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration waking = call.onCancel(over::countDown)) {
            boolean unused = over.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
    }

    private static ApplicationException failure(Container container, String why, String advice) {
        return new ApplicationException(
                Problem.of("start the container", container.id() + " of " + container.image(), why, advice));
    }
}
