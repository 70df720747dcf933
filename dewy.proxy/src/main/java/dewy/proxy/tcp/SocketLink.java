package dewy.proxy.tcp;

import dewy.proxy.traffic.Acceptor.Accepted;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Target;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A link of two sockets, nothing of which is looked at on its way: it has no channels, which would take as long as all that the
 * system does for a connection with one request. What is closed in one direction stays open in the other.
 *
 * <p>The system tells of each change once: what there is to read is read until nothing is left. Nothing is read from a side as
 * long as the other one is not connected, or does not take what was read before.
 */
final class SocketLink implements Link {
    /** What {@code epoll} has beside what Netty names: urgent data, before which what is read ends. */
    private static final int URGENT = 0x2;

    private static final EpollIoOps ALL = EpollIoOps.valueOf(URGENT
            | EpollIoOps.EPOLLIN.value()
            | EpollIoOps.EPOLLOUT.value()
            | EpollIoOps.EPOLLRDHUP.value()
            | EpollIoOps.EPOLLET.value());

    private static final int IN = EpollIoOps.EPOLLIN.value();
    private static final int OUT = EpollIoOps.EPOLLOUT.value();
    private static final int ERROR = EpollIoOps.EPOLLERR.value();

    private static final int PART = 64 << 10;
    /** So many parts at a time: others on the loop have their turn as well. */
    private static final int MOST_AT_ONCE = 16;

    /** What is on its way from one socket to the other. */
    private static final FastThreadLocal<ByteBuf> PASSING = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Channels.buffer(PART);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    private final IoEventLoop loop;
    private final Accepted accepted;
    private final Side client;

    @SuppressWarnings("NullAway.Init") // Nothing is told before it begins.
    private Listener listener;

    private @Nullable Side backend;
    private long toClient;
    private boolean over;

    SocketLink(Accepted accepted) {
        this.loop = (IoEventLoop) accepted.loop();
        this.accepted = accepted;
        this.client = new Side(new Socket(accepted.descriptor()));
        this.client.connected = true;
    }

    @Override
    public void begin(Listener whom) throws IOException {
        listener = whom;
        if (!accepted.isUnix()) {
            client.socket.setTcpNoDelay(true);
        }
        client.register();
    }

    @Override
    public void connect(Target target, boolean announce) {
        try {
            Side side = new Side(Channels.socketTo(target));
            backend = side;
            if (announce) {
                side.unsent = ProxyHeader.write(Channels.ALLOCATOR, accepted.client(), client.socket.localAddress());
            }
            side.begin(target);
        } catch (IOException | ChannelException e) {
            notConnected();
        }
    }

    private void notConnected() {
        Side side = backend;
        backend = null;
        if (side != null) {
            side.discard();
        }
        listener.notConnected();
    }

    @Override
    public void stopConnecting() {
        notConnected();
    }

    @Override
    public long toClient() {
        return toClient;
    }

    @Override
    public String client() {
        return Channels.nameOf(accepted.client());
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        client.discard();
        if (backend != null) {
            backend.discard();
        }
        listener.over();
    }

    /** Has one side get what arrives on the other. */
    private void pass(Side from, Side to) throws IOException {
        ByteBuf buffer = PASSING.get();
        for (int parts = 0; from.readable && to.takesMore(); parts++) {
            if (parts == MOST_AT_ONCE) {
                loop.execute(() -> goOn(from, to));
                return;
            }
            int length = from.socket.recvAddress(buffer.memoryAddress(), 0, PART);
            if (length < 0) {
                from.readable = false;
                to.end();
                return;
            }
            // What is less than there was room for was all, unless something else than data has arrived.
            from.readable = length == PART || (from.isUnsure && length > 0);
            toClient += to == client ? length : 0;
            listener.transferred(length);
            to.send(buffer, length);
        }
    }

    private void goOn(Side from, Side to) {
        try {
            pass(from, to);
            passed();
        } catch (IOException | NotYetConnectedException e) {
            close();
        }
    }

    private void passed() {
        if (!over) {
            listener.passed();
        }
    }

    private @Nullable Side other(Side than) {
        return than == client ? backend : client;
    }

    /** One of both sockets. */
    private final class Side implements EpollIoHandle {
        private final Socket socket;
        private @Nullable IoRegistration registration;
        /** What was read from the other one, and is not taken yet. */
        private @Nullable ByteBuf unsent;

        private boolean connected;
        private boolean readable;
        /** Whether something other than data may be behind what was read. */
        private boolean isUnsure;
        /** Whether nothing more is sent, but what is left. */
        private boolean ending;
        /** Whether all that is ever sent was. */
        private boolean done;

        private boolean discarded;

        Side(Socket socket) {
            this.socket = socket;
        }

        void begin(Target to) throws IOException {
            boolean now = socket.connect(to.address());
            register();
            if (now) {
                connected();
            }
        }

        void register() throws IOException {
            Future<IoRegistration> registered = loop.register(this);
            if (!registered.isSuccess()) {
                throw new IOException(registered.cause());
            }
            registration = registered.getNow();
            try {
                registration.submit(ALL);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        @Override
        public void handle(IoRegistration unused, IoEvent event) {
            int what = ((EpollIoEvent) event).ops().value();
            try {
                if (!discarded && (connected || isConnectedNow(what))) {
                    changed(what);
                }
            } catch (IOException | NotYetConnectedException e) {
                SocketLink.this.close();
            }
        }

        private boolean isConnectedNow(int what) throws IOException {
            try {
                if ((what & ~IN) == 0 || !socket.finishConnect()) {
                    return false;
                }
            } catch (IOException e) {
                notConnected();
                return false;
            }
            connected();
            return true;
        }

        private void connected() throws IOException {
            connected = true;
            listener.connected();
            flush();
            pass(client, this);
        }

        private void changed(int what) throws IOException {
            readable |= (what & ~OUT) != 0;
            isUnsure |= (what & ~(IN | OUT)) != 0;
            Side other = other(this);
            if (other != null && other.connected) {
                if ((what & OUT) != 0 && unsent != null) {
                    flush();
                    pass(other, this);
                }
                pass(this, other);
                passed();
            }
            if ((what & ERROR) != 0) {
                SocketLink.this.close(); // It has gone, and takes nothing any more.
            }
        }

        boolean takesMore() {
            return connected && unsent == null && !over;
        }

        /** Sends, and keeps what is not taken yet. */
        void send(ByteBuf buffer, int length) throws IOException {
            int sent = 0;
            while (sent < length) {
                int more = socket.sendAddress(buffer.memoryAddress(), sent, length);
                if (more == 0) {
                    unsent = Channels.buffer(length - sent).writeBytes(buffer.setIndex(sent, length));
                    return;
                }
                sent += more;
            }
        }

        private void flush() throws IOException {
            ByteBuf left = unsent;
            while (left != null && left.isReadable()) {
                int more = socket.sendAddress(left.memoryAddress(), left.readerIndex(), left.writerIndex());
                if (more == 0) {
                    return;
                }
                left.skipBytes(more);
            }
            forgetUnsent();
            if (ending) {
                finish();
            }
        }

        private void forgetUnsent() {
            ByteBuf left = unsent;
            unsent = null;
            if (left != null) {
                left.release();
            }
        }

        /** Ends what is sent here, once all of it is. */
        void end() throws IOException {
            ending = true;
            if (unsent == null) {
                finish();
            }
        }

        /** When both directions have ended, to close is enough. */
        private void finish() throws IOException {
            if (done) {
                return;
            }
            done = true;
            Side other = other(this);
            if (other != null && other.done) {
                SocketLink.this.close();
            } else {
                socket.shutdown(false, true);
            }
        }

        /**
         * Has the socket closed, once the events are over that the loop has already: its number may be that of another one
         * from then on.
         */
        void discard() {
            discarded = true;
            forgetUnsent();
            loop.execute(() -> {
                try {
                    socket.close();
                } catch (IOException e) {
                    // It is closed all the same.
                }
                if (registration != null) {
                    registration.cancel();
                }
            });
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        /** The loop ends. */
        @Override
        public void close() {
            SocketLink.this.close();
        }
    }
}
