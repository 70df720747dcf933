package dewy.proxy.traffic;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Accepts from a listening socket, and gives what was accepted to the loops of a group in turn. It makes no channel of it:
 * whoever serves a connection may do without. Safe for use by several threads.
 */
public final class Acceptor implements EpollIoHandle {
    /** So many at a time: others on the loop have their turn as well. */
    private static final int MOST_AT_ONCE = 16;

    private static final long PAUSE_MILLIS = 1000;
    /** The length of an address, and the longest one with its port. */
    private static final int ADDRESS = 25;

    private final Socket socket;
    private final boolean isUnix;
    private final EventLoopGroup loops;
    private final IoEventLoop own;
    private final Consumer<Accepted> server;
    private final byte[] address = new byte[ADDRESS];
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private @Nullable IoRegistration registration;

    /**
     * A connection that was accepted.
     *
     * @param loop by which it is to be served, and in which whoever does so is told
     * @param descriptor belongs to whoever serves it
     * @param client its address; null if it has none, as with unix sockets
     */
    public record Accepted(EventLoop loop, int descriptor, boolean isUnix, @Nullable InetSocketAddress client) {}

    /**
     * Makes one that does not accept yet.
     *
     * @param descriptor belongs to the acceptor from now on
     * @param loops natively those of epoll
     * @param server is told of each connection
     */
    public Acceptor(int descriptor, boolean isUnix, EventLoopGroup loops, Consumer<Accepted> server) {
        this.socket = new Socket(descriptor);
        this.isUnix = isUnix;
        this.loops = loops;
        this.own = (IoEventLoop) loops.next();
        this.server = server;
    }

    /** Begins to accept; does nothing where it has begun, or was closed. */
    public void begin() {
        own.execute(() -> {
            if (registration == null && socket.isOpen()) {
                own.register(this).addListener(registered -> {
                    registration = (IoRegistration) registered.getNow();
                    if (registered.isSuccess()) {
                        accept(EpollIoOps.EPOLLIN);
                    } else { // What the system lacks it may have later.
                        ScheduledFuture<?> unused = own.schedule(this::begin, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                    }
                });
            }
        });
    }

    private void accept(EpollIoOps interest) {
        if (registration != null && registration.isValid()) {
            registration.submit(interest);
        }
    }

    @Override
    public void handle(IoRegistration unused, IoEvent event) {
        try {
            for (int count = 0; count < MOST_AT_ONCE && socket.isOpen(); count++) {
                int descriptor = socket.accept(address);
                if (descriptor < 0) {
                    return;
                }
                give(descriptor);
            }
        } catch (IOException e) {
            pause();
        }
    }

    private void give(int descriptor) {
        EventLoop loop = loops.next();
        InetSocketAddress client = isUnix ? null : NativeInetAddress.address(address, 1, address[0]);
        Accepted accepted = new Accepted(loop, descriptor, isUnix, client);
        loop.execute(() -> server.accept(accepted));
    }

    /** There may be no descriptor left, and the connection goes on waiting: it would be told of again at once. */
    private void pause() {
        accept(EpollIoOps.EPOLLERR);
        ScheduledFuture<?> unused = own.schedule(() -> accept(EpollIoOps.EPOLLIN), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Accepts nothing any more, soon. */
    @Override
    public void close() {
        own.execute(() -> {
            if (registration != null) {
                registration.cancel();
            }
            try {
                socket.close();
            } catch (IOException e) {
                // It is closed all the same.
            }
            closed.complete(null);
        });
    }

    /** Completes when it is closed; what it accepted was given to the loops before. */
    public CompletableFuture<Void> closed() {
        return closed;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }
}
