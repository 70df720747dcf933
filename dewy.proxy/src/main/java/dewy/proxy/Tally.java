package dewy.proxy;

import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.Transfer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts on where a plane takes the place of another one, which counts from nothing. Whoever comes next is left the numbers, but
 * not how long it took. Safe for use by several threads.
 */
final class Tally {
    private static final String REQUESTS = "requests";
    private static final String FAILED = "failed";
    private static final String BYTES = "bytes";

    private ProxyStatistics before = ProxyStatistics.NONE;
    private ProxyStatistics last = ProxyStatistics.NONE;

    /** Returns what has passed in all, with what the plane that serves tells. */
    synchronized ProxyStatistics read(ProxyStatistics now) {
        last = now;
        return before.plus(now);
    }

    /** Another plane serves: what was told last of the one before counts. */
    synchronized void replaced() {
        before = before.plus(last.ofAll());
        last = ProxyStatistics.NONE;
    }

    /** Writes what passed through planes that do not serve any more. */
    synchronized void write(Map<String, String> data) {
        data.put(REQUESTS, Long.toString(before.requests()));
        data.put(FAILED, Long.toString(before.failed()));
        data.put(BYTES, Long.toString(before.transfer().map(Transfer::bytes).orElse(0L)));
    }

    /** Goes on where another one stopped, which wrote this. */
    synchronized void adopt(Map<String, String> data) {
        Transfer transfer = new Transfer(number(BYTES, data), Latency.NONE);
        before = new ProxyStatistics(number(REQUESTS, data), number(FAILED, data), Optional.of(transfer), List.of());
    }

    private static long number(String name, Map<String, String> data) {
        return Long.parseLong(data.getOrDefault(name, "0"));
    }
}
