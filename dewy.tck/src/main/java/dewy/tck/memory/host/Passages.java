package dewy.tck.memory.host;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.route.Backend;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Which backends there are, and what is on its way to them. All of it changes under one lock: so what arrives belongs to the
 * set before or to the one after, and what is counted as drained can get nothing any more. Safe for use by several threads.
 */
final class Passages {
    private final Map<String, List<Backend>> sets = new HashMap<>();
    private final Map<String, Long> turns = new HashMap<>();
    private final List<Passage> active = new ArrayList<>();
    private final Map<String, OfBackend> answered = new HashMap<>();
    private long requests;
    private long failed;
    private boolean closed;

    synchronized void route(Map<String, List<Backend>> all) throws InvalidException {
        for (Map.Entry<String, List<Backend>> set : all.entrySet()) {
            check(set.getKey(), set.getValue());
        }
        all.forEach((listener, backends) -> sets.put(listener, List.copyOf(backends)));
        notifyAll();
    }

    private static void check(String listener, List<Backend> backends) throws InvalidException {
        Set<String> ids = new HashSet<>();
        for (Backend backend : backends) {
            if (!ids.add(backend.id())) {
                throw new InvalidException(new Problem(
                        "route to the backends",
                        listener,
                        "\"" + backend.id() + "\" is there twice",
                        "Name each once"));
            }
        }
    }

    synchronized void forget(String listener) {
        sets.remove(listener);
        notifyAll();
    }

    /**
     * Has a connection enter, once there is a backend for it.
     *
     * @param refused backends that it found closed
     * @return its passage; empty when none came in time, or this was closed
     */
    synchronized Optional<Passage> enter(String listener, Socket client, Set<String> refused, long deadline) {
        Optional<Backend> backend = next(listener, refused);
        for (long left = deadline - System.nanoTime();
                backend.isEmpty() && !closed && left > 0;
                left = deadline - System.nanoTime()) {
            await(left);
            backend = next(listener, refused);
        }
        Optional<Passage> passage = closed ? Optional.empty() : backend.map(to -> new Passage(to, client));
        passage.ifPresent(active::add);
        return passage;
    }

    /** Has a connection leave that found its backend closed, to enter once more. */
    synchronized void turnBack(Passage passage) {
        active.remove(passage);
        notifyAll();
    }

    synchronized void leave(Passage passage, boolean well) {
        active.remove(passage);
        answered.merge(passage.backend().id(), passed(passage, well), Passages::add);
        count(well);
        notifyAll();
    }

    synchronized void count(boolean well) {
        requests++;
        failed += well ? 0 : 1;
    }

    /** Waits until nothing is on its way to a backend; cuts what is left at the limit, and returns how much. */
    int drain(Call call, String backend, Duration limit) throws DewyException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Registration waking = call.onCancel(this::wake)) {
            return drain(call, backend, deadline);
        }
    }

    private synchronized int drain(Call call, String backend, long deadline) throws DewyException {
        while (true) {
            call.check();
            if (isRouted(backend)) {
                throw new InvalidException(new Problem(
                        "drain the backend", backend, "requests are routed to it", "Route to others first"));
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || to(backend).isEmpty()) {
                return cut(to(backend));
            }
            await(Math.min(left, call.remaining().toNanos()));
        }
    }

    /** Waits until nothing is on its way at all, or the limit is over. */
    synchronized void awaitNone(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); !active.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
            await(left);
        }
    }

    synchronized void close() {
        closed = true;
        cut(List.copyOf(active));
        notifyAll();
    }

    synchronized List<Backend> backends(String listener) {
        return sets.getOrDefault(listener, List.of());
    }

    synchronized ProxyStatistics statistics() {
        Map<String, String> versions = new LinkedHashMap<>();
        Stream.concat(
                        sets.values().stream().flatMap(List::stream),
                        active.stream().map(Passage::backend))
                .forEach(backend -> versions.put(backend.id(), backend.version()));
        answered.keySet().retainAll(versions.keySet());
        List<OfBackend> each = versions.entrySet().stream()
                .map(of -> add(
                        OfBackend.of(of.getKey(), of.getValue())
                                .active(to(of.getKey()).size()),
                        answered.getOrDefault(of.getKey(), OfBackend.of("", ""))))
                .toList();
        return new ProxyStatistics(requests, failed, each);
    }

    private static OfBackend passed(Passage passage, boolean well) {
        long[] took = new long[Latency.BUCKETS];
        took[Latency.bucket(System.nanoTime() - passage.entered())] = well ? 1 : 0;
        return OfBackend.of("", "").answered(1, well ? 0 : 1, Latency.of(took));
    }

    private static OfBackend add(OfBackend to, OfBackend more) {
        return to.answered(
                to.requests() + more.requests(),
                to.errors() + more.errors(),
                to.latency().plus(more.latency()));
    }

    /** Each backend is chosen as often in a row as it has weight. */
    private Optional<Backend> next(String listener, Set<String> refused) {
        List<Backend> open = backends(listener).stream()
                .filter(backend -> !refused.contains(backend.id()))
                .toList();
        if (open.isEmpty()) {
            return Optional.empty();
        }
        long turn = turns.merge(listener, 1L, Long::sum);
        long place = turn % open.stream().mapToInt(Backend::weight).sum();
        for (Backend backend : open) {
            place -= backend.weight();
            if (place < 0) {
                return Optional.of(backend);
            }
        }
        throw new AssertionError("the weights add up to more than their sum");
    }

    private static int cut(List<Passage> left) {
        left.forEach(Passage::cut);
        return left.size();
    }

    private List<Passage> to(String backend) {
        return active.stream().filter(one -> one.backend().id().equals(backend)).toList();
    }

    private boolean isRouted(String backend) {
        return sets.values().stream().flatMap(List::stream).anyMatch(one -> one.id()
                .equals(backend));
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** An interrupt is left to whoever waits next: the threads here belong to this data plane, or to a call that can end. */
    private void await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
