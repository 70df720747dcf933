package dewy.registry.github;

import dewy.api.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response as it arrives. Unlike the JDK's own stream, a read ends when nothing arrives for a while, and
 * when the call is over. Read by one thread; any thread may close it, which closes the exchange and ends a read.
 */
final class StreamedBody extends InputStream implements BodySubscriber<StreamedBody> {
    private record Piece(List<ByteBuffer> bytes, Optional<IOException> failure, boolean last) {}

    private static final Piece END = new Piece(List.of(), Optional.empty(), true);

    private final Call call;
    private final Duration patience;
    private final BlockingQueue<Piece> arrived = new LinkedBlockingQueue<>();
    private volatile Optional<Flow.Subscription> subscription = Optional.empty();
    private volatile boolean closed;
    private Iterator<ByteBuffer> waiting = List.<ByteBuffer>of().iterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;

    StreamedBody(Call call, Duration patience) {
        this.call = call;
        this.patience = patience;
    }

    @Override
    public CompletionStage<StreamedBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = Optional.of(given);
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        arrived.add(new Piece(bytes, Optional.empty(), false));
    }

    @Override
    public void onError(Throwable failure) {
        IOException told =
                failure instanceof IOException e ? e : new IOException("the connection failed: " + failure, failure);
        arrived.add(new Piece(List.of(), Optional.of(told), true));
    }

    @Override
    public void onComplete() {
        arrived.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!current.hasRemaining()) {
            requireOpen();
            if (ended) {
                return -1;
            }
            if (waiting.hasNext()) {
                current = waiting.next();
            } else {
                take();
            }
        }
        requireOpen();
        int count = Math.min(length, current.remaining());
        current.get(bytes, offset, count);
        return count;
    }

    @Override
    public void close() {
        closed = true;
        subscription.ifPresent(Flow.Subscription::cancel);
        arrived.add(END);
    }

    private void take() throws IOException {
        Piece piece = await();
        requireOpen();
        if (piece.failure().isPresent()) {
            close();
            throw piece.failure().get();
        }
        ended = piece.last();
        waiting = piece.bytes().iterator();
        if (!ended) {
            subscription.ifPresent(open -> open.request(1));
        }
    }

    private Piece await() throws IOException {
        Duration left = call.remaining().compareTo(patience) < 0 ? call.remaining() : patience;
        try {
            Piece piece = arrived.poll(left.toNanos(), TimeUnit.NANOSECONDS);
            if (piece != null) {
                return piece;
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
