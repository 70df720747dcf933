package dewy.proxy.tls;

import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The end of TLS at a listening socket: all that is accepted there begins with a handshake. Its certificates are read again when
 * their files become others. Safe for use by several threads.
 */
public final class Termination implements AutoCloseable {
    /** How often it is looked whether the files are others; they are used at the second look. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** What a channel has it by whose client speaks TLS. */
    public static final AttributeKey<Termination> KEY = AttributeKey.valueOf("dewy.proxy.tls");

    private final Duration interval;
    private volatile Certificates certificates;
    private volatile boolean closed;

    public Termination(Certificates certificates) {
        this(certificates, INTERVAL);
    }

    Termination(Certificates certificates, Duration interval) {
        this.certificates = certificates;
        this.interval = interval;
        lookLater();
    }

    /** Files may be slow: none of them is read by an event loop. */
    private void lookLater() {
        Executor later = CompletableFuture.delayedExecutor(interval.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(this::look);
    }

    private void look() {
        if (!closed) {
            synchronized (this) {
                certificates = certificates.renewed();
            }
            lookLater();
        }
    }

    /** Returns what it has. */
    public Certificates certificates() {
        return certificates;
    }

    /** Has what is accepted from now on be shown others. */
    public synchronized void use(Certificates others) {
        certificates = others;
    }

    /** Reads no files any more. Whoever is accepted is shown what was read last. */
    @Override
    public void close() {
        closed = true;
    }

    /**
     * Begins with a connection that was accepted: by a handshake, where it has a termination.
     *
     * @param plain is given a channel on which somebody does not speak TLS, to say so and close it
     * @param next is given the channel when it can be used as any other
     */
    public static void begin(Traffic traffic, Channel client, Consumer<Channel> plain, Consumer<Channel> next) {
        Termination termination = client.hasAttr(KEY) ? client.attr(KEY).get() : null;
        if (termination == null) {
            next.accept(client);
        } else {
            new Handshake(traffic, client, plain, next).begin(termination.certificates);
        }
    }
}
