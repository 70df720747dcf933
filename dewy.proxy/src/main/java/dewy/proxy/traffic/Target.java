package dewy.proxy.traffic;

import dewy.api.process.ListeningAddress;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.proxy.ProxyStatistics.OfBackend.State;
import dewy.api.route.Backend;
import dewy.proxy.traffic.TrafficSettings.Health;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A backend as long as it is known here: what is in flight to it, and what passed to it. Safe for use by several threads.
 *
 * <p>What goes to it is {@linkplain #enter counted} before it is looked whether the backend is drained, and a drain begins
 * before it is looked whether anything is counted: so one of both sees the other.
 */
public final class Target {
    private final String id;
    private final String version;
    private final ListeningAddress listening;
    private final SocketAddress address;
    private final Consumer<Target> drained;
    private final Consumer<Notice> told;
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final Latencies latencies = new Latencies();
    private volatile boolean draining;
    private volatile int weight;
    private final Wellness wellness;

    /**
     * @param drained is told whenever nothing is in flight any more while it is drained
     * @param told is told when it is not well, or again
     */
    Target(Backend backend, Health health, Consumer<Target> drained, Consumer<Notice> told) {
        wellness = new Wellness(health, this::changed);
        this.told = told;
        id = backend.id();
        version = backend.version();
        weight = backend.weight();
        listening = backend.address();
        address = resolve(listening);
        this.drained = drained;
    }

    private static SocketAddress resolve(ListeningAddress listening) {
        if (listening.isUnix()) {
            return new DomainSocketAddress(listening.host());
        }
        return listening.host().isEmpty()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.port())
                : new InetSocketAddress(listening.host(), listening.port());
    }

    /** Returns the id of the backend. */
    public String id() {
        return id;
    }

    /** Returns what a request to it names as its host. */
    String host() {
        return listening.isUnix() ? "localhost" : listening.toString();
    }

    /** Returns the version of the release that it runs; empty if it is not known. */
    public String version() {
        return version;
    }

    /** Returns where to connect to. */
    public SocketAddress address() {
        return address;
    }

    /** Counts something as in flight, unless the backend is drained. Who got true calls {@link #leave} once. */
    public boolean enter() {
        active.incrementAndGet();
        if (draining) {
            leave();
            return false;
        }
        return true;
    }

    /** What was in flight is over. */
    public void leave() {
        if (active.decrementAndGet() == 0 && draining) {
            drained.accept(this);
        }
    }

    /** Counts something that the backend began to answer after the given time, well or with an error of its own. */
    public void answered(long nanos, boolean error) {
        wellness.answered();
        requests.increment();
        latencies.count(nanos);
        if (error) {
            errors.increment();
        }
    }

    /** Counts something that the backend did not answer. */
    public void failed() {
        wellness.failed();
        requests.increment();
        errors.increment();
    }

    /** Returns whether connections to it are of no use any more. */
    public boolean isDraining() {
        return draining;
    }

    Wellness wellness() {
        return wellness;
    }

    int active() {
        return active.get();
    }

    void weigh(int share) {
        weight = share;
    }

    private void changed(boolean well, String why) {
        if (!draining) {
            Notice notice = well
                    ? Notice.information("proxy.returned", "Backend is well again")
                    : Notice.warning("proxy.ejected", "Backend is not well");
            told.accept(notice.with("backend", id)
                    .with("address", listening)
                    .with("version", version)
                    .with("why", why));
        }
    }

    private State state() {
        if (draining) {
            return State.DRAINING;
        }
        return wellness.isWell() ? State.HEALTHY : State.EJECTED;
    }

    void drain(boolean begin) {
        draining = begin;
    }

    boolean isSame(Backend backend) {
        return id.equals(backend.id()) && version.equals(backend.version()) && listening.equals(backend.address());
    }

    OfBackend read() {
        return OfBackend.of(id, version)
                .answered(requests.sum(), errors.sum(), latencies.read())
                .active(active.get())
                .getting(weight, state());
    }

    @Override
    public String toString() {
        return id + " at " + listening;
    }
}
