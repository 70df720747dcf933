package dewy.admin;

import dewy.api.event.Event;
import dewy.api.event.EventLog;
import dewy.view.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The agent's events as they come, for one listener, as server-sent events (HTML Living Standard, 9.2). A listener is written to
 * only as fast as it reads: what it has missed by then it is told in one event {@code gap}, and one that reads nothing for long
 * is let go. Used on the event loop of its channel.
 */
final class EventFeed {
    private static final int PIECE = 64;
    private static final int PAUSE_SECONDS = 15;
    private static final int MOST_PAUSES = 4;

    private final EventLog events;
    private final Channel channel;
    private final Optional<String> app;
    private long next;
    private int pauses;

    private record Gap(long from, long to) {}

    /**
     * @param from the sequence number of the first event that is wanted
     * @param app of which app; empty for all
     */
    EventFeed(EventLog events, Channel channel, long from, Optional<String> app) {
        this.events = events;
        this.channel = channel;
        this.next = from;
        this.app = app;
    }

    /** Begins, once the head of the answer is written. */
    void begin() {
        write(": events of dewy\n\n");
        var beat =
                channel.eventLoop().scheduleWithFixedDelay(this::beat, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> beat.cancel(false));
        goOn();
    }

    /** Writes what there is, as long as the listener reads it. */
    void goOn() {
        while (channel.isActive() && channel.isWritable()) {
            List<Event> more = events.since(next);
            if (more.isEmpty()) {
                return;
            }
            StringBuilder text = new StringBuilder();
            long first = more.get(0).sequence();
            if (first > next) {
                text.append("event: gap\ndata: ")
                        .append(Json.line(new Gap(next, first - 1)))
                        .append('\n');
            }
            for (Event event : more.subList(0, Math.min(PIECE, more.size()))) {
                next = event.sequence() + 1;
                if (app.isEmpty() || app.get().equals(event.app())) {
                    text.append("id: ").append(event.sequence()).append('\n');
                    text.append("event: ").append(event.type()).append('\n');
                    text.append("data: ").append(Json.line(event)).append('\n');
                }
            }
            if (!text.isEmpty()) {
                pauses = 0;
                write(text.toString());
            }
        }
    }

    /** Says now and then that it is still there, so that a dead connection is found. */
    private void beat() {
        if (channel.isWritable()) {
            write(": still here\n\n");
        } else if (++pauses >= MOST_PAUSES) {
            var unused = channel.close();
        }
    }

    private void write(String text) {
        var unused = channel.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    }
}
