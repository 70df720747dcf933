package dewy.registry.grpc;

import dewy.http.Tls;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * The connections to servers, one to each, shared by all instances that name it, and gone with the last of them. None is
 * opened before something is asked. Safe for use by several threads.
 */
final class Connections implements AutoCloseable {
    /** An answer is a few lines; what is longer is none. */
    private static final int LARGEST_ANSWER = 256 << 10;

    private static final int CLOSING_MILLIS = 300;

    private final Map<Server, Shared> opened = new HashMap<>();

    /** Returns a share in the connection to a server, for the caller to close. */
    synchronized Share to(Server server) {
        Shared shared = opened.computeIfAbsent(server, Shared::new);
        shared.users++;
        return new Share(shared);
    }

    /** Ends all of them, whoever still has a share. */
    @Override
    public synchronized void close() {
        opened.values().forEach(Shared::close);
        opened.clear();
    }

    private synchronized void leave(Shared shared) {
        shared.users--;
        if (shared.users == 0 && opened.remove(shared.server, shared)) {
            shared.close();
        }
    }

    /** One instance's part in a connection. */
    final class Share implements AutoCloseable {
        private final Shared shared;
        private final AtomicBoolean left = new AtomicBoolean();

        private Share(Shared shared) {
            this.shared = shared;
        }

        /**
         * Returns what to ask on. Where the last try to connect failed it is tried anew at once: how long to wait between two
         * is for who asks to decide.
         */
        ManagedChannel channel() {
            ManagedChannel channel = shared.channel();
            if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
                renew(channel);
                return shared.channel();
            }
            return channel;
        }

        /** Has what is asked next go over a new connection: this one may lead to a host that is gone. */
        void renew(ManagedChannel failed) {
            shared.renew(failed);
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                leave(shared);
            }
        }
    }

    /** What all who name a server share, from the first question on. */
    private static final class Shared implements AutoCloseable {
        private final Server server;
        private int users;
        private Optional<Live> live = Optional.empty();
        private boolean closed;

        Shared(Server server) {
            this.server = server;
        }

        synchronized ManagedChannel channel() {
            if (closed) {
                throw new IllegalStateException("the plugin was stopped");
            }
            Live now = live.orElseGet(() -> new Live(server));
            live = Optional.of(now);
            return now.channel;
        }

        /** A channel that is told to forget its failure may still answer with it for a moment: so there is another one. */
        synchronized void renew(ManagedChannel failed) {
            Optional<Live> renewed = live.filter(now -> now.channel == failed && !closed);
            if (renewed.isPresent()) {
                live = Optional.empty();
                renewed.get().retire();
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            live.ifPresent(Live::close);
        }
    }

    /** A channel and the threads that it needs, which end with it. */
    private static final class Live {
        private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("dewy-grpc"));
        private final ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(daemons("dewy-grpc-timer"));
        private final ManagedChannel channel;

        Live(Server server) {
            OkHttpChannelBuilder builder = OkHttpChannelBuilder.forAddress(server.host(), server.port())
                    .executor(workers)
                    .offloadExecutor(workers)
                    .transportExecutor(workers)
                    .scheduledExecutorService(timer)
                    .socketFactory(new BoundedSockets())
                    .userAgent("dewy")
                    .disableServiceConfigLookUp()
                    .disableRetry()
                    .maxInboundMessageSize(LARGEST_ANSWER);
            server.tls().ifPresentOrElse(tls -> builder.sslSocketFactory(secured(tls)), builder::usePlaintext);
            this.channel = builder.build();
        }

        /** What others have in progress goes on, and the threads end with it. */
        void retire() {
            channel.shutdown();
            workers.execute(() -> {
                try {
                    if (!channel.awaitTermination(RegistryService.LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS)) {
                        channel.shutdownNow();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                workers.shutdown();
                timer.shutdownNow();
            });
        }

        /** What is in progress fails; the threads end as soon as they have told so. */
        void close() {
            channel.shutdownNow();
            try {
                channel.awaitTermination(CLOSING_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            workers.shutdown();
            timer.shutdownNow();
        }

        private static SSLSocketFactory secured(Tls tls) {
            return tls.context().map(SSLContext::getSocketFactory).orElseGet(() ->
                    (SSLSocketFactory) SSLSocketFactory.getDefault());
        }

        private static ThreadFactory daemons(String name) {
            return work -> {
                Thread thread = new Thread(work, name);
                thread.setDaemon(true);
                return thread;
            };
        }
    }
}
