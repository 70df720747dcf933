package dewy.runtime.process.ready;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server again and again, on a thread of its own, until it is ready or nobody wants to know. Only a connection that
 * a process of the new generation accepted counts: the generation before may listen at the same address, or on the same
 * socket. A server that is handed a connection only once data has arrived is sent the question first, but for its last
 * byte: one that answers at once would be gone before it is known who it was.
 */
final class ProbeLoop implements Waiting {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long OWNER_PAUSE_MILLIS = 20;

    private final Probe probe;
    private final byte[] question;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Optional<Connection> connection = Optional.empty();
    private volatile String answer = "was not asked yet";
    private boolean heard;
    private boolean heldBack;

    ProbeLoop(Probe probe) {
        this.probe = probe;
        this.question = probe.question();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public void begin(long leader, Observer observer) {
        Thread thread = new Thread(() -> run(leader, observer), "dewy-ready-" + leader);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String missing() {
        return probe.address() + " " + answer;
    }

    @Override
    public void close() {
        over.countDown();
        connection.ifPresent(Connection::close);
    }

    private void run(long leader, Observer observer) {
        try {
            while (!over.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<String> reason = ask(leader);
                if (reason.isEmpty()) {
                    observer.ready();
                    return;
                }
                if (!reason.get().equals(answer)) {
                    answer = reason.get();
                    observer.answered(missing());
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but who wants it to end.
        }
    }

    private Optional<String> ask(long leader) throws InterruptedException {
        try (Connection asking = new Connection(LIMIT)) {
            connection = Optional.of(asking);
            if (over.getCount() == 0) {
                return Optional.of(answer);
            }
            asking.connect(probe.address());
            Optional<String> stranger = awaitOwner(asking, leader);
            if (stranger.isPresent()) {
                // What the new server itself said tells more.
                return Optional.of(heard ? answer : stranger.get());
            }
            heard = true;
            asking.send(question, question.length);
            return probe.hear(asking).map(this::said);
        } catch (SocketTimeoutException e) {
            return Optional.of("did not answer within " + LIMIT.toSeconds() + "s");
        } catch (IOException e) {
            return Optional.of("failed: " + OneLine.of(String.valueOf(e.getMessage())));
        } finally {
            connection = Optional.empty();
        }
    }

    /** Waits until the connection is accepted, and returns what is wrong with whom it was accepted by. */
    private Optional<String> awaitOwner(Connection asking, long leader) throws IOException, InterruptedException {
        while (!asking.isOver()) {
            Acceptance acceptance = Acceptance.of(asking);
            if (acceptance.isHeldBack()) {
                heldBack = true;
                asking.send(question, question.length - 1);
            }
            if (acceptance.isClosed()) {
                return Optional.of(said("closed the connection at once"));
            }
            if (acceptance.isAccepted()) {
                if (ProcessGroup.ledBy(leader).hasSocket(acceptance.inode())) {
                    return Optional.empty();
                }
                // One that has been closed meanwhile is nobody's.
                return Optional.of(
                        Acceptance.of(asking).isClosed()
                                ? said("closed the connection at once")
                                : "was answered by another process than the new server's");
            }
            if (over.await(OWNER_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.of(answer);
            }
        }
        return Optional.of(said("did not accept a connection within " + LIMIT.toSeconds() + "s"));
    }

    /** What a server does that waits for data tells little where none are sent. */
    private String said(String reason) {
        return heldBack && question.length == 0
                ? "accepts a connection only once data has arrived, of which tcp:// sends none: ask it with http://"
                : reason;
    }
}
