package dewy.cache.file;

import java.time.Duration;

/** A host that is up as long as a test says, and is started anew when it says so. Safe for use by several threads. */
final class TestUptime {
    private long nanos = Duration.ofDays(3).toNanos();
    private String boot;

    TestUptime() {
        this("boot-1");
    }

    TestUptime(String boot) {
        this.boot = boot;
    }

    synchronized Uptime now() {
        return new Uptime(boot, nanos);
    }

    synchronized void advance(Duration time) {
        nanos += time.toNanos();
    }

    synchronized void restart(String next) {
        boot = next;
        nanos = 0;
    }
}
