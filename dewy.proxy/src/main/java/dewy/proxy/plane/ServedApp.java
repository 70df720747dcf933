package dewy.proxy.plane;

import dewy.api.proxy.Admission;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.proxy.control.Recording;
import dewy.proxy.plane.Port.Claim;
import dewy.proxy.plane.Port.Fellows;
import dewy.proxy.plane.Ports.Passed;
import dewy.proxy.traffic.AccessLog;
import dewy.proxy.traffic.Traffic;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is served of one app: its listeners, and where what arrives there goes. Everything is done at all listeners or at none.
 * Safe for use by several threads.
 */
final class ServedApp {
    private static final int KEPT_LOGS = 1;
    /** A drain is told when nothing is in flight any more; what ends it before is here. */
    private static final Duration NEVER = Duration.ofDays(1);

    private final String id;
    private final Ports ports;
    private final Map<String, List<Backend>> sets = new LinkedHashMap<>();
    /** What was accepted under other settings, with the name of its listener. */
    private final Map<Traffic, String> leaving = new LinkedHashMap<>();

    private final List<Drain> drains = new ArrayList<>();
    private final List<AccessLog> logs = new ArrayList<>();
    private Map<String, Door> doors = new LinkedHashMap<>();
    /** What passed under other settings, and is over. */
    private ProxyStatistics before = ProxyStatistics.NONE;

    private Admission admission = Admission.SERVING;
    private Optional<Recording> recorded = Optional.empty();
    private Optional<AccessLog> log = Optional.empty();

    ServedApp(String id, Ports ports) {
        this.id = id;
        this.ports = ports;
    }

    /** Returns by what it is told from others. */
    String id() {
        return id;
    }

    /** What is served at a port. */
    private record Door(Port port, Port.Key key, Claim claim, Traffic traffic) {}

    /** The wait for a backend to have nothing in flight any more. */
    private static final class Drain {
        private final String backend;
        private final CompletableFuture<Integer> end = new CompletableFuture<>();

        Drain(String backend) {
            this.backend = backend;
        }
    }

    /**
     * Listens at the listeners whose sockets were passed, and nowhere else. Those that listen already under the same settings
     * go on as they are.
     *
     * @param fellows who else is to be at ports that are not open yet
     * @param first the sets of backends of listeners that are new
     * @return the descriptors that are not needed
     * @throws WrongQuestion if it cannot be served at one of them beside another app; nothing was changed then
     */
    synchronized List<Integer> listen(
            Map<String, Passed> passed,
            Fellows fellows,
            Claim claim,
            Optional<Recording> recording,
            Map<String, List<Backend>> first)
            throws WrongQuestion {
        ports.check(this, claim, passed.values());
        boolean sameLog = recording.equals(recorded);
        if (!sameLog) {
            recorded = recording;
            log = recording.map(ServedApp::open);
            log.ifPresent(logs::add);
        }
        Map<String, Door> now = new LinkedHashMap<>();
        Map<Traffic, List<Backend>> routes = new LinkedHashMap<>();
        List<Integer> unused = new ArrayList<>();
        passed.forEach((name, socket) -> {
            Door open = doors.get(name);
            if (open != null && sameLog && open.claim().equals(claim)) {
                now.put(name, open);
                unused.add(socket.descriptor());
            } else {
                sets.putIfAbsent(name, first.getOrDefault(name, List.of()));
                Traffic traffic = new Traffic(claim.settings(), claim.app(), log, notice -> ports.notices()
                        .tell(id, notice));
                traffic.admit(admission);
                routes.put(traffic, sets.getOrDefault(name, List.of()));
                if (ports.isOpen(socket.address())) {
                    unused.add(socket.descriptor());
                }
                Port.Key key = new Port.Key(this, name);
                now.put(name, new Door(ports.serve(socket, fellows, key, claim, traffic), key, claim, traffic));
            }
        });
        Traffic.route(routes);
        Map<String, Door> last = doors;
        doors = now;
        sets.keySet().retainAll(now.keySet());
        last.forEach((name, door) -> {
            if (!door.equals(now.get(name))) {
                leave(name, door, now.get(name));
            }
        });
        return unused;
    }

    private static AccessLog open(Recording to) {
        try {
            Files.createDirectories(to.file().toAbsolutePath().getParent());
        } catch (IOException e) {
            PlaneLog.tell("cannot make the folder of " + to.file(), e);
        }
        return AccessLog.open(to.file(), to.format(), to.size(), KEPT_LOGS);
    }

    /** What is accepted by another one from now on comes to its end at the old one. */
    private void leave(String name, Door old, @Nullable Door next) {
        leaving.put(old.traffic(), name);
        boolean replaced = next != null && next.port() == old.port();
        CompletableFuture<Void> end = replaced
                ? old.traffic().drainAll(Port.CHANGE_LIMIT)
                : old.port().remove(old.key(), Port.CHANGE_LIMIT);
        CompletableFuture<Void> unused = end.whenComplete((none, e) -> forget(old.traffic()));
    }

    private synchronized void forget(Traffic traffic) {
        leaving.remove(traffic);
        before = before.plus(traffic.statistics().ofAll());
    }

    synchronized void route(Map<String, List<Backend>> to) throws WrongQuestion {
        for (Map.Entry<String, List<Backend>> set : to.entrySet()) {
            if (!doors.containsKey(set.getKey())) {
                throw new WrongQuestion(set.getKey(), "there is no such listener", "Use a name that --port gives");
            }
            Set<String> ids = new HashSet<>();
            for (Backend backend : set.getValue()) {
                if (!ids.add(backend.id())) {
                    throw new WrongQuestion(set.getKey(), "\"" + backend.id() + "\" is there twice", "Name each once");
                }
            }
        }
        sets.putAll(to);
        apply(to);
        drains.stream()
                .filter(drain -> isRouted(drain.backend))
                .toList()
                .forEach(drain -> drain.end.completeExceptionally(routed(drain.backend)));
    }

    /** Has what arrives at all listeners be served, held or refused. */
    synchronized void admit(Admission to) {
        admission = to;
        all().forEach(traffic -> traffic.admit(to));
    }

    private void apply(Map<String, List<Backend>> to) {
        Map<Traffic, List<Backend>> routes = new LinkedHashMap<>();
        doors.forEach((name, door) -> {
            if (to.containsKey(name)) {
                routes.put(door.traffic(), to.getOrDefault(name, List.of()));
            }
        });
        leaving.forEach((traffic, name) -> {
            if (to.containsKey(name)) {
                routes.put(traffic, to.getOrDefault(name, List.of()));
            }
        });
        Traffic.route(routes);
    }

    /** Returns by what the apps are told apart that it shares ports with. */
    synchronized List<String> fellows() {
        return doors.values().stream()
                .flatMap(door -> door.port().fellows(this).stream())
                .distinct()
                .toList();
    }

    synchronized Map<String, List<Backend>> routes() {
        return new LinkedHashMap<>(sets);
    }

    /**
     * Waits until nothing is in flight to a backend, and cuts what is left at the limit. Cancelled before, it cuts nothing.
     *
     * @return completes with how much was cut; fails with a {@link WrongQuestion} if the backend is routed to
     */
    synchronized CompletableFuture<Integer> drain(String backend, Duration limit) {
        Drain drain = new Drain(backend);
        if (isRouted(backend)) {
            drain.end.completeExceptionally(routed(backend));
            return drain.end;
        }
        drains.add(drain);
        CompletableFuture<Integer> unused = drain.end.whenComplete((cut, e) -> forget(drain));
        complete(drain, NEVER);
        ScheduledFuture<?> ignored =
                ports.loops().next().schedule(() -> cut(drain), limit.toMillis(), TimeUnit.MILLISECONDS);
        return drain.end;
    }

    private synchronized void cut(Drain drain) {
        if (!drain.end.isDone()) {
            complete(drain, Duration.ZERO);
        }
    }

    private void complete(Drain drain, Duration limit) {
        CompletableFuture<Integer> unused = drained(drain.backend, limit).whenComplete((cut, e) -> {
            if (e == null) {
                drain.end.complete(cut);
            } else {
                drain.end.completeExceptionally(e);
            }
        });
    }

    private synchronized void forget(Drain drain) {
        drains.remove(drain);
    }

    private CompletableFuture<Integer> drained(String backend, Duration limit) {
        CompletableFuture<Integer> sum = CompletableFuture.completedFuture(0);
        for (Traffic traffic : all().toList()) {
            sum = sum.thenCombine(traffic.drain(backend, limit), Integer::sum);
        }
        return sum;
    }

    private boolean isRouted(String backend) {
        return sets.values().stream().flatMap(List::stream).anyMatch(one -> one.id()
                .equals(backend));
    }

    private static WrongQuestion routed(String backend) {
        return new WrongQuestion(backend, "requests are routed to it", "Route to others first");
    }

    private Stream<Traffic> all() {
        return Stream.concat(doors.values().stream().map(Door::traffic), leaving.keySet().stream());
    }

    synchronized ProxyStatistics statistics() {
        return all().map(Traffic::statistics).reduce(before, ProxyStatistics::plus);
    }

    /** Completes when it listens nowhere any more but where others do, once it was told to go. */
    synchronized CompletableFuture<Void> closed() {
        return CompletableFuture.allOf(doors.values().stream()
                .map(Door::port)
                .filter(port -> !port.isOpen())
                .map(Port::closed)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Listens no more; completes when nothing is in flight any more, or was cut at the limit. */
    CompletableFuture<Void> close(Duration limit) {
        return end(limit, door -> door.port().remove(door.key(), limit));
    }

    /** The same, but that it is served on where others have the port open yet. */
    CompletableFuture<Void> leave(Duration limit) {
        return end(limit, door -> door.port().leave(door.key(), limit));
    }

    private synchronized CompletableFuture<Void> end(Duration limit, Function<Door, CompletableFuture<Void>> how) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        doors.values().forEach(door -> ends.add(how.apply(door)));
        leaving.keySet().forEach(traffic -> ends.add(traffic.drainAll(limit)));
        List<AccessLog> open = List.copyOf(logs);
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .thenRunAsync(() -> open.forEach(AccessLog::close));
    }
}
