package dewy.proxy.http;

import dewy.proxy.http.RequestHead.Described;
import dewy.proxy.traffic.AccessEntry;
import dewy.proxy.traffic.Sites;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * A request of a connection as long as it is nobody's: it may wait for an app that is about to come, and is recorded here when
 * it is refused before it gets to one. Used by the event loop of its connection alone, for one request after the other.
 */
final class Arrival {
    private final Traffic traffic;
    private final HttpListener listener;
    private final EventLoop loop;
    private final Runnable retry;
    private long began;
    private boolean waiting;

    /**
     * @param retry is called when there are other apps than when it began to wait
     */
    Arrival(Traffic traffic, HttpListener listener, EventLoop loop, Runnable retry) {
        this.traffic = traffic;
        this.listener = listener;
        this.loop = loop;
        this.retry = retry;
    }

    /** A request, or the wait for one, begins. */
    void begin() {
        began = System.nanoTime();
    }

    /**
     * Returns for how many nanoseconds from now on it waits for an app; less than one if it does not.
     *
     * @param isThere looks once more whether there is one
     */
    long waitForApp(BooleanSupplier isThere) {
        Sites sites = listener.sites().orElseThrow();
        long patience = sites.patience();
        waiting = patience > 0 && sites.hold(retry, loop, isThere);
        return waiting ? patience : 0;
    }

    void waitNoMore() {
        if (waiting) {
            waiting = false;
            boolean unused = listener.sites().orElseThrow().unhold(retry);
        }
    }

    /** It was refused: by all apps of the listener, where it is not known for which one it was. */
    void refused(Refusal refusal, Described what, Forwarding client) {
        Traffic owner = traffic.owner();
        long nanos = System.nanoTime() - began;
        owner.count(refusal.isFailure());
        owner.took(nanos);
        if (owner.isRecorded()) {
            Duration took = Duration.ofNanos(nanos);
            owner.record(new AccessEntry(
                    Instant.now().minus(took),
                    client.address(),
                    what.line(),
                    what.host(),
                    refusal.status(),
                    0,
                    took,
                    "",
                    "",
                    owner.app()));
        }
    }
}
