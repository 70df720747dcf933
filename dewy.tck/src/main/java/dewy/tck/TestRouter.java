package dewy.tck;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;

/**
 * A router that carries nothing, and notes what a runtime does with it: whether what it is routed to accepts connections by
 * then, and what is drained until then. It has two listeners. Safe for use by several threads.
 */
final class TestRouter implements Router {
    private static final int CONNECT_MILLIS = 2_000;

    private final Map<String, List<Backend>> sets = new LinkedHashMap<>();
    private final Map<String, Backend> seen = new LinkedHashMap<>();
    private final List<String> drained = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private CountDownLatch draining = new CountDownLatch(0);
    private int untilFailure;
    private boolean hangs;
    private int failingDrains;
    private int routed;

    /** Has one routing fail: the next one, or the one after so many. */
    synchronized void failAfter(int others) {
        untilFailure = others + 1;
    }

    /** Has routings not return until their calls are over. */
    synchronized void hang() {
        hangs = true;
    }

    /** Has the next drains fail. */
    synchronized void failDrains(int count) {
        failingDrains = count;
    }

    /** Has something be in flight to every backend until it is {@linkplain #finishDrains answered}. */
    synchronized void holdDrains() {
        draining = new CountDownLatch(1);
    }

    synchronized void finishDrains() {
        draining.countDown();
    }

    /** Returns what a listener leads to. */
    synchronized List<Backend> set(String listener) {
        return sets.getOrDefault(listener, List.of());
    }

    /** Returns all that something was routed to so far. */
    synchronized List<Backend> seen() {
        return List.copyOf(seen.values());
    }

    synchronized List<String> drained() {
        return List.copyOf(drained);
    }

    /** Returns how often something was routed. */
    synchronized int routed() {
        return routed;
    }

    /** Returns what was done in the wrong order. */
    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public List<Listener> listeners() {
        return List.of(listener("web"), listener("admin"));
    }

    @Override
    public void route(Call call, String listener, List<Backend> backends) throws DewyException {
        call.check();
        begin(call);
        for (Backend backend : backends) {
            if (!accepts(backend)) {
                complain(backend.id() + " was routed to, and accepts no connections");
            }
        }
        synchronized (this) {
            sets.put(listener, List.copyOf(backends));
            backends.forEach(backend -> seen.put(backend.id(), backend));
        }
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        call.check();
        Backend drains = beginDrain(backend);
        CountDownLatch over = new CountDownLatch(1);
        try (Registration waking = call.onCancel(over::countDown)) {
            while (draining().getCount() > 0 && over.getCount() > 0) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
        endDrain(drains);
        return 0;
    }

    static boolean accepts(Backend backend) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            backend.address().host(), backend.address().port()),
                    CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void begin(Call call) throws DewyException {
        boolean fails;
        boolean waits;
        synchronized (this) {
            routed++;
            untilFailure--;
            fails = untilFailure == 0;
            waits = hangs;
        }
        if (fails) {
            throw away();
        }
        if (waits) {
            awaitEnd(call);
        }
    }

    private void awaitEnd(Call call) throws DewyException {
        CountDownLatch over = new CountDownLatch(1);
        synchronized (this) {
            hangs = false;
        }
        try (Registration waking = call.onCancel(over::countDown)) {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
    }

    private synchronized Backend beginDrain(String id) throws DewyException {
        if (sets.values().stream().flatMap(List::stream).anyMatch(one -> one.id()
                .equals(id))) {
            throw new InvalidException(new Problem("drain", id, "it is in use", "Route to others first"));
        }
        if (failingDrains > 0) {
            failingDrains--;
            throw away();
        }
        return seen.getOrDefault(id, Backend.of(id, new ListeningAddress("127.0.0.1", 0)));
    }

    private void endDrain(Backend backend) {
        boolean wasRoutedTo = backend.address().port() != 0;
        if (wasRoutedTo && !accepts(backend)) {
            complain(backend.id() + " was told to go before it was drained");
        }
        synchronized (this) {
            drained.add(backend.id());
        }
    }

    private synchronized CountDownLatch draining() {
        return draining;
    }

    private synchronized void complain(String why) {
        complaints.add(why);
    }

    private static Listener listener(String name) {
        return new Listener(name, new ListeningAddress("127.0.0.1", 0), OptionalInt.empty());
    }

    private static UnreachableException away() {
        return new UnreachableException(new Problem("route", "", "the proxy is away", ""));
    }
}
