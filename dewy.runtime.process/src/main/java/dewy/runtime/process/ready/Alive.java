package dewy.runtime.process.ready;

import dewy.api.Registration;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Map;

/**
 * A server is ready when it has stayed up for a while.
 *
 * @param time how long
 */
record Alive(Duration time) implements Readiness {
    @Override
    public Waiting prepare(Means means) {
        return new Stay(means.timer(), time);
    }

    @Override
    public boolean needsLimit() {
        return false;
    }

    private static final class Stay implements Waiting {
        private final Timer timer;
        private final Duration time;
        private volatile Registration end = () -> {};

        Stay(Timer timer, Duration time) {
            this.timer = timer;
            this.time = time;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public void begin(long leader, Observer observer) {
            end = timer.after(time, observer::ready);
        }

        @Override
        public String missing() {
            return "it has not stayed up for " + time.toMillis() + "ms yet";
        }

        @Override
        public void close() {
            end.close();
        }
    }
}
