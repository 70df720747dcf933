package dewy.proxy;

import dewy.api.proxy.ProxyStatistics;
import java.util.List;

/** Counts on where a plane takes the place of another one, which counts from nothing. Safe for use by several threads. */
final class Tally {
    private long requestsBefore;
    private long failedBefore;
    private ProxyStatistics last = new ProxyStatistics(0, 0, List.of());

    /** Returns what has passed in all, with what the plane that serves tells. */
    synchronized ProxyStatistics read(ProxyStatistics now) {
        last = now;
        return new ProxyStatistics(requestsBefore + now.requests(), failedBefore + now.failed(), now.backends());
    }

    /** Another plane serves: what was told last of the one before counts. */
    synchronized void replaced() {
        requestsBefore += last.requests();
        failedBefore += last.failed();
        last = new ProxyStatistics(0, 0, List.of());
    }

    /** Goes on where another one stopped, which was told as much by planes that do not serve any more. */
    synchronized void adopt(String requests, String failed) {
        requestsBefore = Long.parseLong(requests);
        failedBefore = Long.parseLong(failed);
    }

    /** Returns the requests that passed through planes that do not serve any more. */
    synchronized long requests() {
        return requestsBefore;
    }

    /** Returns how many of those failed. */
    synchronized long failed() {
        return failedBefore;
    }
}
