package dewy.proxy.traffic;

import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.route.Backend;
import dewy.proxy.traffic.TrafficSettings.Balance;
import dewy.proxy.traffic.TrafficSettings.Health;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backends of one listener: which one is next, which are going, and what waits for one. Safe for use by several threads;
 * whoever sends something to a backend takes no lock.
 */
public final class Backends {
    private final Balance balance;
    private final Health health;
    private final Held held;
    private final Consumer<Target> left;
    private final Consumer<Target> drained;
    private final Consumer<Notice> told;
    /** Those that are in the set, and those that have something in flight. */
    private final Map<String, Target> known = new ConcurrentHashMap<>();

    private volatile Route route = Route.NONE;
    private volatile boolean paused;

    /**
     * @param left is told when a backend is in the set no more
     * @param drained is told, in any thread, when nothing is in flight to it any more either
     * @param told is told, in any thread, what people are to know of one
     */
    Backends(TrafficSettings settings, Consumer<Target> left, Consumer<Target> drained, Consumer<Notice> told) {
        this.balance = settings.balance();
        this.health = settings.health();
        this.held = new Held(settings.hold().most());
        this.left = left;
        this.drained = drained;
        this.told = told;
    }

    /**
     * Returns the backend whose turn it is, with something counted as in flight to it: who gets it calls {@link
     * Target#leave}. Null if there is none.
     *
     * @param except those that were tried in vain
     */
    public @Nullable Target enter(Set<Target> except) {
        while (!paused) {
            Target target = route.inForce().choose(balance, except);
            if (target == null || target.enter()) {
                return target;
            }
            // It left the set since the route was read: there is another route now.
        }
        return null;
    }

    /** Has everything held, as if there were no backend, or lets what is held go on. */
    void pause(boolean begin) {
        paused = begin;
        if (!begin) {
            held.release();
        }
    }

    /**
     * Has something tried again when there are other backends. Whoever found none asks once more after that: what came in between
     * is told to nobody.
     *
     * @param loop where to do so
     * @return false if too much waits already
     */
    boolean hold(Runnable retry, Executor loop) {
        return held.add(retry, loop);
    }

    /** Returns how much waits. */
    int held() {
        return held.size();
    }

    /** It waits no more; false if it did not wait. */
    public boolean unhold(Runnable retry) {
        return held.remove(retry);
    }

    /** Replaces the sets of several listeners in one step. What left them is drained from then on. */
    static void route(Map<Backends, List<Backend>> sets) {
        synchronized (Backends.class) {
            AtomicBoolean turned = new AtomicBoolean();
            Map<Backends, Route> routes = new HashMap<>();
            sets.forEach((backends, set) -> routes.put(backends, backends.routeTo(set)));
            Map<Backends, Route> old = new HashMap<>();
            routes.forEach((backends, next) -> {
                old.put(backends, backends.route);
                backends.route = next.after(backends.route, turned);
            });
            turned.set(true);
            routes.values().forEach(Route::forgetBefore);
            old.forEach(Backends::leave);
            sets.keySet().forEach(backends -> backends.held.release());
        }
    }

    private Route routeTo(List<Backend> set) {
        List<Target> targets = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        for (Backend backend : set) {
            Target target = known.get(backend.id());
            if (target == null || !target.isSame(backend)) {
                target = new Target(backend, health, this::forget, told);
                known.put(backend.id(), target);
            }
            target.drain(false);
            target.weigh(backend.weight());
            targets.add(target);
            weights.add(backend.weight());
        }
        return new Route(targets, weights);
    }

    private void leave(Route old) {
        Set<Target> leaving = new HashSet<>(old.targets());
        route.targets().forEach(leaving::remove);
        for (Target target : leaving) {
            target.drain(true);
            left.accept(target);
            if (target.active() == 0) {
                forget(target);
            }
        }
    }

    private void forget(Target target) {
        if (target.isDraining()) {
            known.remove(target.id(), target);
            drained.accept(target);
        }
    }

    /** Returns a backend that is in the set or has something in flight; null for others. */
    @Nullable
    Target find(String id) {
        return known.get(id);
    }

    /** Returns those that are in the set. */
    List<Target> inTheSet() {
        return route.inForce().targets();
    }

    List<OfBackend> read() {
        return known.values().stream().map(Target::read).toList();
    }
}
