package dewy.http;

import dewy.api.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer while it arrives. A read ends when nothing came for a while and when the call is over, which the
 * JDK's own stream does not promise. Read by one thread; any thread may close it, which ends the exchange and a read.
 */
final class ArrivingBody extends InputStream implements BodySubscriber<ArrivingBody> {
    /** Bytes, or else the end, which may be a failure. */
    private record Arrival(List<ByteBuffer> bytes, Optional<IOException> failure) {
        boolean isEnd() {
            return bytes.isEmpty();
        }
    }

    private static final Arrival END = new Arrival(List.of(), Optional.empty());

    private final Call call;
    private final Duration patience;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final Queue<ByteBuffer> unread = new ArrayDeque<>();
    private volatile boolean closed;
    private boolean ended;

    ArrivingBody(Call call, Duration patience) {
        this.call = call;
        this.patience = patience;
    }

    @Override
    public CompletionStage<ArrivingBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        given.request(1);
        subscription.complete(given);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        arrivals.add(new Arrival(bytes, Optional.empty()));
    }

    @Override
    public void onError(Throwable failure) {
        IOException told = failure instanceof IOException e ? e : new IOException("the connection failed", failure);
        arrivals.add(new Arrival(List.of(), Optional.of(told)));
    }

    @Override
    public void onComplete() {
        arrivals.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        while (length > 0 && unread.isEmpty() && !ended) {
            take();
        }
        ByteBuffer first = unread.peek();
        if (length == 0 || first == null) {
            return length == 0 ? 0 : -1;
        }
        int count = Math.min(length, first.remaining());
        first.get(bytes, offset, count);
        if (!first.hasRemaining()) {
            unread.remove();
        }
        return count;
    }

    @Override
    public void close() {
        closed = true;
        var unused = subscription.thenAccept(Flow.Subscription::cancel);
        arrivals.add(END);
    }

    private void take() throws IOException {
        Arrival arrival = await();
        requireOpen();
        if (arrival.failure().isPresent()) {
            throw arrival.failure().get();
        }
        ended = arrival.isEnd();
        arrival.bytes().stream().filter(ByteBuffer::hasRemaining).forEach(unread::add);
        if (!ended) {
            var unused = subscription.thenAccept(open -> open.request(1));
        }
    }

    private Arrival await() throws IOException {
        Duration left = call.remaining().compareTo(patience) < 0 ? call.remaining() : patience;
        try {
            Arrival arrival = arrivals.poll(left.toNanos(), TimeUnit.NANOSECONDS);
            if (arrival != null) {
                return arrival;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("the read was interrupted", e);
        }
        close();
        throw new IOException("nothing arrived for " + left.toSeconds() + " s");
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(call.isOver() ? "the call is over" : "the connection was closed");
        }
    }
}
