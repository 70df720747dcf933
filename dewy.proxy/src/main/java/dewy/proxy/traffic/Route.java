package dewy.proxy.traffic;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A set of backends, and whose turn it is. The set is immutable.
 *
 * <p>A route of several listeners is exchanged in one step: each has its new route, which counts as the one before until the
 * switch that they share is turned.
 */
final class Route {
    static final Route NONE = new Route(List.of(), List.of());

    private final List<Target> targets;
    private final List<Integer> weights;
    /** Indexes of targets, each as often as its weight says, as evenly as can be. */
    private final int[] turns;

    private final AtomicInteger turn = new AtomicInteger();

    private volatile @Nullable Route before;
    private volatile AtomicBoolean turned = new AtomicBoolean(true);

    Route(List<Target> targets, List<Integer> weights) {
        this.targets = List.copyOf(targets);
        this.weights = List.copyOf(weights);
        this.turns = smooth(this.weights);
    }

    /** The smooth weighted round robin that nginx has: whoever is owed most is next, and owes what all are given then. */
    private static int[] smooth(List<Integer> weights) {
        int divisor = weights.stream().reduce(0, Route::greatestCommonDivisor);
        int[] turns = new int[weights.stream().mapToInt(w -> w / divisor).sum()];
        int[] owed = new int[weights.size()];
        for (int i = 0; i < turns.length; i++) {
            int most = 0;
            for (int j = 0; j < owed.length; j++) {
                owed[j] += weights.get(j) / divisor;
                most = owed[j] > owed[most] ? j : most;
            }
            owed[most] -= turns.length;
            turns[i] = most;
        }
        return turns;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** Has this count as another until the switch is turned. */
    Route after(Route other, AtomicBoolean theSwitch) {
        before = other;
        turned = theSwitch;
        return this;
    }

    /** The route before this is not needed any more, once the switch is turned. */
    void forgetBefore() {
        before = null;
    }

    /** Returns this, or what it counts as. */
    Route inForce() {
        Route other = before;
        return other == null || turned.get() ? this : other;
    }

    List<Target> targets() {
        return targets;
    }

    /**
     * Returns whose turn it is beside those that are excepted, or null if that is nobody's. Those that are not well are left
     * out as long as another one is there: when all seem ill, it may be the way they are looked at.
     */
    @Nullable
    Target choose(TrafficSettings.Balance balance, Set<Target> except) {
        Target well = choose(balance, except, true);
        return well == null ? choose(balance, except, false) : well;
    }

    private @Nullable Target choose(TrafficSettings.Balance balance, Set<Target> except, boolean wellOnly) {
        return switch (balance) {
            case ROUND_ROBIN -> inTurn(except, wellOnly);
            case LEAST_IN_FLIGHT -> leastInFlight(except, wellOnly);
        };
    }

    private static boolean isEligible(Target target, Set<Target> except, boolean wellOnly) {
        return (!wellOnly || target.wellness().isWell()) && (except.isEmpty() || !except.contains(target));
    }

    private @Nullable Target inTurn(Set<Target> except, boolean wellOnly) {
        for (int tries = 0; tries < turns.length; tries++) {
            Target target = targets.get(turns[Math.floorMod(turn.getAndIncrement(), turns.length)]);
            if (isEligible(target, except, wellOnly)) {
                return target;
            }
        }
        return null;
    }

    private @Nullable Target leastInFlight(Set<Target> except, boolean wellOnly) {
        int from = targets.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), targets.size());
        Target least = null;
        double leastLoad = Double.MAX_VALUE;
        for (int i = 0; i < targets.size(); i++) {
            int index = (from + i) % targets.size();
            Target target = targets.get(index);
            double load = (target.active() + 1.0) / weights.get(index);
            if (load < leastLoad && isEligible(target, except, wellOnly)) {
                least = target;
                leastLoad = load;
            }
        }
        return least;
    }
}
