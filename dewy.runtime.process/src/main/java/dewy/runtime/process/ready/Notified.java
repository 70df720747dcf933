package dewy.runtime.process.ready;

import dewy.api.DewyException;
import dewy.api.process.NotifySocket;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A server is ready when it says {@code READY=1}, as with sd_notify(3). */
record Notified() implements Readiness {
    @Override
    public Waiting prepare(Means means) throws DewyException {
        Inbox inbox = new Inbox(means.timer());
        inbox.socket = Optional.of(means.sockets().open(means.user(), inbox::receive));
        return inbox;
    }

    /** What a server says. Nothing is told on the thread of the socket, whose end somebody may await with a lock held. */
    private static final class Inbox implements Waiting {
        /** A server that reports each request is not told more often. */
        private static final Duration PAUSE = Duration.ofSeconds(1);

        private final Timer timer;
        private volatile Optional<NotifySocket> socket = Optional.empty();
        private volatile Optional<Observer> observer = Optional.empty();
        private String status = "";
        private boolean ready;
        private boolean telling;
        private long quietUntil;

        Inbox(Timer timer) {
            this.timer = timer;
            this.quietUntil = timer.nanoTime();
        }

        @Override
        public Map<String, String> environment() {
            return socket.map(open -> Map.of("NOTIFY_SOCKET", open.address())).orElse(Map.of());
        }

        @Override
        public void begin(long leader, Observer told) {
            observer = Optional.of(told);
        }

        @Override
        public synchronized String missing() {
            return "it has not said READY=1" + (status.isEmpty() ? "" : ", its status was \"" + status + "\"");
        }

        @Override
        public void close() {
            socket.ifPresent(NotifySocket::close);
        }

        private synchronized void receive(Map<String, String> message) {
            String said = message.get("STATUS");
            if (said != null && !OneLine.of(said).equals(status)) {
                status = OneLine.of(said);
                tellSoon();
            }
            if ("1".equals(message.get("READY")) && !ready) {
                ready = true;
                observer.ifPresent(watching -> timer.after(Duration.ZERO, watching::ready));
            }
        }

        private void tellSoon() {
            if (!telling) {
                telling = true;
                timer.after(Duration.ofNanos(Math.max(0, quietUntil - timer.nanoTime())), this::tell);
            }
        }

        private void tell() {
            String now;
            synchronized (this) {
                telling = false;
                quietUntil = timer.nanoTime() + PAUSE.toNanos();
                now = status;
            }
            observer.ifPresent(watching -> watching.told(now));
        }
    }
}
