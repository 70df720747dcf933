package dewy.proxy.traffic;

import dewy.proxy.traffic.TrafficSettings.Check;
import dewy.proxy.traffic.TrafficSettings.Health;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a backend is well: by what it is asked, and by what requests come to. Safe for use by several threads; to look, and to
 * say that all is well, costs nothing.
 */
final class Wellness {
    /** Is told when it changes, and why. */
    interface Changes {
        void changed(boolean well, String why);
    }

    private final Health health;
    private final Changes changes;
    /** How many requests in a row it did not answer. */
    private final AtomicInteger failures = new AtomicInteger();

    private volatile boolean ejected;
    private volatile long ejectedUntil;
    private volatile boolean well = true;
    /** How many answers in a row speak against what it is held for. */
    private int against;

    Wellness(Health health, Changes changes) {
        this.health = health;
        this.changes = changes;
    }

    boolean isWell() {
        return well && (!ejected || System.nanoTime() - ejectedUntil >= 0);
    }

    /** It answered a request. */
    void answered() {
        if (failures.get() != 0 && forgive()) {
            changes.changed(true, "it answers");
        }
    }

    /** Returns whether it was left out. */
    private boolean forgive() {
        int before = failures.getAndSet(0);
        ejected = false;
        return before >= health.failures();
    }

    /** It did not answer a request. */
    void failed() {
        int now = failures.incrementAndGet();
        if (now >= health.failures()) {
            ejectedUntil = System.nanoTime() + health.ejection().toNanos();
            ejected = true;
        }
        if (now == health.failures()) {
            changes.changed(false, "it did not answer " + (now == 1 ? "a request" : now + " requests in a row"));
        }
    }

    /** It was asked whether it is well. */
    synchronized void checked(Check check, boolean good) {
        against = good == well ? 0 : against + 1;
        if (against >= (good ? check.rise() : check.fall())) {
            well = good;
            against = 0;
            if (good) {
                boolean unused = forgive();
            }
            changes.changed(good, "it " + (good ? "answers " : "does not answer ") + check.path() + " well");
        }
    }
}
