package dewy.proxy.plane;

import dewy.proxy.tls.TlsSettings;
import dewy.proxy.traffic.Acceptor;
import dewy.proxy.traffic.Notice;
import dewy.proxy.traffic.Sites;
import dewy.proxy.traffic.Sites.Site;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Announced;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A listening socket that the plane accepts from, and the apps that are served there: one that gets all connections, or some
 * that get the requests for their hosts and paths. It accepts as long as there is one. Safe for use by several threads.
 *
 * <p>What counts until a request was read is as the app that wants most has it: how long that may take, and how large it may
 * be.
 */
final class Port {
    /** How long what was accepted under other settings may take. */
    static final Duration CHANGE_LIMIT = Duration.ofMinutes(5);

    /** How long after the beginning what is for no app waits: when an agent starts, one app comes after the other. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Acceptor acceptor;
    private final Encryption encryption = new Encryption(this::tell);
    private final Sites sites;
    /** Apps that are about to come, before which nothing is accepted. */
    private final Set<String> awaited = new HashSet<>();

    private final Map<Key, Tenant> tenants = new LinkedHashMap<>();
    /** Completes when no connection is left that was accepted. */
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private final Notices notices;
    private volatile Traffic front;
    /** Of whom it is told what is told of the port. */
    private volatile Set<String> concerned = Set.of();

    private boolean ending;

    /** An app, and the name of the listener by which it is served there. */
    record Key(ServedApp app, String listener) {}

    /**
     * The other apps that have shared a port in the plane before.
     *
     * @param ids by what they are told apart
     * @param patience how long they are waited for
     */
    record Fellows(List<String> ids, Duration patience) {}

    /**
     * What an app wants to be served of what arrives at a port.
     *
     * @param app its name
     * @param sites what it answers to, where requests are told apart
     * @param tls by which certificates, if clients speak TLS
     */
    record Claim(String app, List<Site> sites, TrafficSettings settings, Optional<TlsSettings> tls) {
        private boolean relays() {
            return settings.mode() == Mode.TCP;
        }

        /** Returns why another one cannot be served beside this one, if it cannot. */
        Optional<String> refusal(Claim other) {
            if (relays() || other.relays()) {
                return Optional.of("the app " + app + " is served there, and what is relayed has no host: with mode=tcp"
                        + " a port is that of one app");
            }
            if (settings.announced().byClients() != other.settings().announced().byClients()) {
                return Optional.of("the app " + app + " is served there by another protocol: all connections of a port"
                        + " begin with a header of the PROXY protocol, or none does");
            }
            if (tls.isPresent() != other.tls().isPresent()) {
                return Optional.of("the app " + app + " is served there " + (tls.isPresent() ? "with" : "without")
                        + " TLS: clients of a port speak it to all apps, or to none");
            }
            return other.sites().stream()
                    .filter(sites::contains)
                    .findFirst()
                    .map(site -> "the app " + app + " answers to " + site + " there");
        }
    }

    /**
     * @param traffic its connections, or its requests
     * @param leaving whether it is served by another plane as well, and here only as long as others keep the port open
     */
    private record Tenant(Claim claim, Traffic traffic, boolean leaving) {}

    /**
     * Begins to accept from a listening socket, which others accept from as well until they close their duplicates; soon, or
     * once its other apps are there.
     *
     * @param descriptor belongs to the port from now on
     */
    Port(int descriptor, boolean isUnix, EventLoopGroup loops, Fellows fellows, Notices notices) {
        this.notices = notices;
        awaited.addAll(fellows.ids());
        sites = new Sites(fellows.ids().isEmpty() ? PATIENCE : PATIENCE.plus(fellows.patience()));
        front = Traffic.shared(TrafficSettings.of(Mode.HTTP), sites);
        acceptor = new Acceptor(descriptor, isUnix, loops, client -> front.serve(client, encryption.termination()));
        ScheduledFuture<?> ignored =
                loops.schedule(acceptor::begin, fellows.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whoever reads certificates waits for no lock here. */
    private void tell(Notice notice) {
        concerned.forEach(app -> notices.tell(app, notice));
    }

    /** Returns whether it accepts. */
    synchronized boolean isOpen() {
        return !ending;
    }

    /** Completes when it accepts nothing any more. */
    CompletableFuture<Void> closed() {
        return acceptor.closed();
    }

    /** Returns why an app cannot be served beside the others that are there, if it cannot. */
    synchronized Optional<String> refusal(ServedApp app, Claim claim) {
        return others(app).flatMap(other -> other.refusal(claim).stream()).findFirst();
    }

    /**
     * Finds out whether the certificates can be used that an app comes with, unless they are already.
     *
     * @throws WrongQuestion if one cannot be
     */
    synchronized void checkCertificates(ServedApp app, Claim claim) throws WrongQuestion {
        Encryption.Wanted wanted = encryption(Stream.concat(others(app), Stream.of(claim)));
        if (!encryption.is(wanted)) {
            Encryption.check(wanted);
        }
    }

    private Stream<Claim> others(ServedApp than) {
        return staying().filter(tenant -> !tenant.getKey().app().equals(than)).map(tenant -> tenant.getValue()
                .claim());
    }

    /** Returns what is to be spoken where some apps are served. */
    static Encryption.Wanted encryption(Stream<Claim> of) {
        List<Claim> claims = of.toList();
        return new Encryption.Wanted(
                claims.stream().flatMap(claim -> claim.tls().stream()).reduce(TlsSettings::with),
                claims.stream().noneMatch(Claim::relays));
    }

    /** Serves an app from now on, by this in place of what it had under the same key. */
    synchronized void serve(Key key, Claim claim, Traffic traffic) {
        tenants.put(key, new Tenant(claim, traffic, false));
        refresh();
        awaited.remove(key.app().id());
        if (awaited.isEmpty()) {
            acceptor.begin();
        }
    }

    /** Returns by what the others are told apart that are there beside an app. */
    synchronized List<String> fellows(ServedApp app) {
        return staying()
                .map(tenant -> tenant.getKey().app().id())
                .filter(id -> !id.equals(app.id()))
                .toList();
    }

    /**
     * Serves an app no more; without another one, it accepts nothing any more.
     *
     * @return completes when all of it is over, or was cut at the limit
     */
    synchronized CompletableFuture<Void> remove(Key key, Duration limit) {
        boolean shared = staying().anyMatch(tenant -> !tenant.getKey().equals(key));
        Tenant gone = shared ? tenants.remove(key) : null;
        if (gone == null) {
            return leave(key, limit);
        }
        refresh();
        return gone.traffic().drainAll(limit);
    }

    /**
     * The same, but that as long as there is another one its requests may arrive here, where they are served too: on
     * connections that were opened for it, and since another plane, which has it already, may lack the others.
     */
    synchronized CompletableFuture<Void> leave(Key key, Duration limit) {
        Tenant tenant = tenants.get(key);
        if (tenant == null) {
            return CompletableFuture.completedFuture(null);
        }
        tenants.put(key, new Tenant(tenant.claim(), tenant.traffic(), true));
        refresh();
        if (!ending && staying().findAny().isEmpty()) {
            close(limit);
        }
        long deadline = System.nanoTime() + limit.toNanos();
        return over.copy()
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(none -> forget(key, Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    private synchronized CompletableFuture<Void> forget(Key key, Duration limit) {
        Tenant gone = tenants.remove(key);
        refresh();
        return gone == null
                ? CompletableFuture.completedFuture(null)
                : gone.traffic().drainAll(limit);
    }

    private void close(Duration limit) {
        ending = true;
        encryption.close();
        Traffic last = front;
        CompletableFuture<Void> unused = acceptor.closed()
                .thenCompose(none -> last.drainAll(limit))
                .whenComplete((none, e) -> over.complete(null));
        acceptor.close();
    }

    private Stream<Map.Entry<Key, Tenant>> staying() {
        return tenants.entrySet().stream().filter(tenant -> !tenant.getValue().leaving());
    }

    private void refresh() {
        Map<Site, Traffic> all = new HashMap<>();
        tenants.values().stream()
                .sorted(Comparator.comparing(
                        tenant -> !tenant.leaving())) // Who stays comes in the place of who leaves.
                .forEach(tenant -> tenant.claim().sites().forEach(site -> all.put(site, tenant.traffic())));
        sites.replace(all);
        concerned = tenants.keySet().stream().map(key -> key.app().id()).collect(Collectors.toUnmodifiableSet());
        List<Tenant> staying = staying().map(Map.Entry::getValue).toList();
        if (!staying.isEmpty()) {
            encryption.speak(encryption(staying.stream().map(Tenant::claim)));
            Traffic before = front;
            front = front(staying);
            boolean ours = tenants.values().stream().noneMatch(tenant -> tenant.traffic() == before);
            if (ours && before != front) {
                CompletableFuture<Void> unused = before.drainAll(CHANGE_LIMIT);
            }
        }
    }

    private Traffic front(List<Tenant> staying) {
        if (staying.get(0).claim().relays()) {
            return staying.get(0).traffic();
        }
        TrafficSettings wanted = staying.stream()
                .map(tenant -> tenant.claim().settings())
                .map(Port::untilRead)
                .reduce(Port::most)
                .orElseThrow();
        return front.settings().equals(wanted) ? front : Traffic.shared(wanted, sites);
    }

    /** Returns of some settings those that count until a request was read. */
    private static TrafficSettings untilRead(TrafficSettings settings) {
        return with(
                settings.timeouts().request(),
                settings.timeouts().keepAlive(),
                settings.headerLimit(),
                settings.announced().byClients());
    }

    private static TrafficSettings most(TrafficSettings one, TrafficSettings other) {
        return with(
                longer(one.timeouts().request(), other.timeouts().request()),
                longer(one.timeouts().keepAlive(), other.timeouts().keepAlive()),
                Math.max(one.headerLimit(), other.headerLimit()),
                one.announced().byClients());
    }

    private static TrafficSettings with(Duration request, Duration keepAlive, int header, boolean announced) {
        Timeouts usual = Timeouts.DEFAULT;
        return TrafficSettings.of(Mode.HTTP)
                .with(new Timeouts(
                        usual.connect(), request, usual.response(), keepAlive, usual.backendKeepAlive(), usual.idle()))
                .withHeaderLimit(header)
                .with(new Announced(announced, false));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
