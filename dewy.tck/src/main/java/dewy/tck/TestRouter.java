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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A router that carries nothing, and notes what a runtime does with it: whether what it is routed to accepts connections by
 * then, whether its two listeners are moved together, and what is drained until then. Safe for use by several threads.
 */
final class TestRouter implements Router {
    private static final int CONNECT_MILLIS = 2_000;

    private final Map<String, List<Backend>> sets = new LinkedHashMap<>();
    private final Map<String, Backend> seen = new LinkedHashMap<>();
    private final List<String> drained = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private CountDownLatch draining = new CountDownLatch(0);
    private boolean fails;
    private boolean hangs;
    private int failingDrains;
    private int routed;

    /** Has the next routing fail. */
    synchronized void failNext() {
        fails = true;
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

    /** Returns whether anything was ever routed, be it to nowhere. */
    synchronized boolean wasAsked() {
        return !sets.isEmpty();
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
    public void route(Call call, Map<String, List<Backend>> to) throws DewyException {
        call.check();
        begin(call);
        List<Backend> all = to.values().stream().flatMap(List::stream).toList();
        for (Backend backend : all) {
            if (!accepts(backend)) {
                complain(backend.id() + " was routed to, and accepts no connections");
            }
        }
        synchronized (this) {
            to.forEach((listener, backends) -> sets.put(listener, List.copyOf(backends)));
            all.forEach(backend -> seen.put(backend.id(), backend));
            if (!ids("web").equals(ids("admin"))) {
                complaints.add("its listeners lead to different ones: " + sets);
            }
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

    private Set<String> ids(String listener) {
        return set(listener).stream().map(Backend::id).collect(Collectors.toSet());
    }

    private void begin(Call call) throws DewyException {
        boolean failed;
        boolean waits;
        synchronized (this) {
            routed++;
            failed = fails;
            fails = false;
            waits = hangs;
        }
        if (failed) {
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
