package dewy.proxy.traffic;

import dewy.proxy.traffic.TrafficSettings.Check;
import dewy.proxy.traffic.TrafficSettings.Health;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a backend is well: by what it is asked, and by what requests come to. Safe for use by several threads; to look, and to
 * say that all is well, costs nothing.
 */
final class Wellness {
    private final Health health;
    /** How many requests in a row it did not answer. */
    private final AtomicInteger failures = new AtomicInteger();

    private volatile boolean ejected;
    private volatile long ejectedUntil;
    private volatile boolean well = true;
    /** How many answers in a row speak against what it is held for. */
    private int against;

    Wellness(Health health) {
        this.health = health;
    }

    boolean isWell() {
        return well && (!ejected || System.nanoTime() - ejectedUntil >= 0);
    }

    /** It answered a request. */
    void answered() {
        if (failures.get() != 0) {
            failures.set(0);
            ejected = false;
        }
    }

    /** It did not answer a request. */
    void failed() {
        if (failures.incrementAndGet() >= health.failures()) {
            ejectedUntil = System.nanoTime() + health.ejection().toNanos();
            ejected = true;
        }
    }

    /** It was asked whether it is well. */
    synchronized void checked(Check check, boolean good) {
        against = good == well ? 0 : against + 1;
        if (against >= (good ? check.rise() : check.fall())) {
            well = good;
            against = 0;
            if (good) {
                answered();
            }
        }
    }
}
