package dewy.runtime.process.ready;

import dewy.api.DewyException;
import java.util.Map;

/**
 * A server is ready when it is in the way that was chosen, and then accepts connections at its port.
 *
 * @param first the way that was chosen
 * @param accepting its port
 */
record AlsoAccepting(Readiness first, TcpAccept accepting) implements Readiness {
    @Override
    public Waiting prepare(Means means) throws DewyException {
        return new Both(first.prepare(means), accepting.prepare(means));
    }

    private static final class Both implements Waiting {
        private final Waiting first;
        private final Waiting second;
        private volatile boolean halfway;

        Both(Waiting first, Waiting second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public Map<String, String> environment() {
            return first.environment();
        }

        @Override
        public void begin(long leader, Observer observer) {
            first.begin(leader, new Observer() {
                @Override
                public void ready() {
                    halfway = true;
                    second.begin(leader, observer);
                }

                @Override
                public void told(String status) {
                    observer.told(status);
                }

                @Override
                public void answered(String answer) {
                    observer.answered(answer);
                }
            });
        }

        @Override
        public String missing() {
            return halfway ? second.missing() : first.missing();
        }

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }
}
