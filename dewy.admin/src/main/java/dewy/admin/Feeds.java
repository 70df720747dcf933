package dewy.admin;

import dewy.api.Registration;
import dewy.api.event.EventLog;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** All who listen to events: one subscription serves them, and their number is limited. Safe for use by several threads. */
final class Feeds implements AutoCloseable {
    private final EventLog events;
    private final Executor loop;
    private final int most;
    private final Registration subscription;
    private final Map<Channel, EventFeed> feeds = new ConcurrentHashMap<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /**
     * @param loop that of all their channels
     * @param most how many there may be
     */
    Feeds(EventLog events, Executor loop, int most) {
        this.events = events;
        this.loop = loop;
        this.most = most;
        this.subscription = events.subscribe(events.newest() + 1, event -> wake());
    }

    /** Returns the number of the next event. */
    long next() {
        return events.newest() + 1;
    }

    /** Adds a listener, which is yet to begin. */
    EventFeed add(Channel channel, long from, Optional<String> app) throws Refusal {
        EventFeed feed = new EventFeed(events, channel, from, app);
        synchronized (this) {
            if (feeds.size() >= most) {
                throw new Refusal(
                        HttpResponseStatus.SERVICE_UNAVAILABLE, most + " listen to events already. Try again later");
            }
            feeds.put(channel, feed);
        }
        channel.closeFuture().addListener(closed -> feeds.remove(channel));
        return feed;
    }

    @Override
    public void close() {
        subscription.close();
    }

    /** Events that come at once wake the listeners once. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            loop.execute(() -> {
                woken.set(false);
                feeds.values().forEach(EventFeed::goOn);
            });
        }
    }
}
