package dewy.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Stands between a plugin and a real server, to do what no real server does: to take requests and answer nothing, to lose the
 * answer to one that was done, to be gone. It knows no protocol: what a request is, a word in it tells.
 */
public final class TcpRelay implements AutoCloseable {
    /** Something that is done before an answer goes on. */
    @FunctionalInterface
    public interface Before {
        void run() throws Exception;
    }

    private record Fault(String word, Before before, boolean breaking) {}

    private final ServerSocket listening;
    private final InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong asked = new AtomicLong();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final AtomicReference<Fault> fault = new AtomicReference<>();
    private volatile Consumer<String> onRequest = request -> {};
    private volatile boolean hangs;
    private volatile boolean cut;

    /** Opens a relay to a port of loopback. */
    public TcpRelay(int port) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Returns how often something was sent to the server. */
    public long asked() {
        return asked.get();
    }

    /** Has somebody told of each part of a request that goes on to the server. */
    public void onRequest(Consumer<String> listener) {
        onRequest = listener;
    }

    /** Has it take whatever is sent, and pass on nothing. */
    public void hang() {
        hangs = true;
    }

    /** Returns once it got what it does not answer. */
    public void awaitHanging() throws InterruptedException {
        hanging.await();
    }

    /** Has the connection break instead of the answer to the next request that has this word in it; the server does it. */
    public void breakOffAfter(String word) {
        fault.set(new Fault(word, () -> {}, true));
    }

    /** Has something done before the answer to the next request that has this word in it goes on. */
    public void beforeTheAnswerTo(String word, Before before) {
        fault.set(new Fault(word, before, false));
    }

    /** Breaks all connections, and has it refuse more until {@link #mend}. */
    public void cut() {
        cut = true;
        open.forEach(TcpRelay::close);
    }

    public void mend() {
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                if (cut) {
                    close(client);
                } else {
                    open.add(client);
                    daemon(() -> relay(client));
                }
            }
        } catch (IOException e) {
            open.forEach(TcpRelay::close);
        }
    }

    private void relay(Socket client) {
        AtomicReference<Fault> next = new AtomicReference<>();
        try (Socket upstream = new Socket()) {
            open.add(upstream);
            upstream.connect(server);
            daemon(() -> answers(upstream, client, next));
            pass(client, upstream, part -> {
                asked.incrementAndGet();
                onRequest.accept(part);
                Fault waiting = fault.get();
                if (waiting != null && part.contains(waiting.word()) && fault.compareAndSet(waiting, null)) {
                    next.set(waiting);
                }
            });
        } catch (IOException e) {
            close(client);
        } finally {
            open.remove(client);
        }
    }

    private void answers(Socket upstream, Socket client, AtomicReference<Fault> next) {
        try {
            pass(upstream, client, part -> {
                Fault now = next.getAndSet(null);
                if (now != null) {
                    now.before().run();
                    if (now.breaking()) {
                        throw new IOException("the test has it break off");
                    }
                }
            });
        } catch (IOException e) {
            close(upstream);
        }
        close(client);
        open.remove(upstream);
    }

    private interface Look {
        void at(String part) throws Exception;
    }

    private void pass(Socket from, Socket to, Look look) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] part = new byte[64 << 10];
        for (int n = in.read(part); n >= 0; n = in.read(part)) {
            if (hangs) {
                hanging.countDown();
                continue;
            }
            try {
                look.at(new String(part, 0, n, StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
            out.write(part, 0, n);
            out.flush();
        }
        to.shutdownOutput();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(TcpRelay::close);
    }
}
