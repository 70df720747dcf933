package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a notifier takes from the process it runs in.
 *
 * @param environment its variables by name
 * @param token the secret {@code SLACK_TOKEN}
 * @param clock tells when a rate limit ends
 * @param nanoTime measures how long it lasts
 * @param pause waits for its end
 */
record Surroundings(Environment environment, Secret token, InstantSource clock, LongSupplier nanoTime, Pause pause) {
    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        /**
         * Returns when {@code wait} is over.
         *
         * @throws DewyException if the call ends before
         */
        void await(Call call, Duration wait) throws DewyException;
    }

    static Surroundings real() {
        return new Surroundings(
                Environment.SYSTEM,
                Secret.of("env:SLACK_TOKEN"),
                InstantSource.system(),
                System::nanoTime,
                Surroundings::await);
    }

    /** Waits on the calling thread; the end of the call ends the wait. */
    static void await(Call call, Duration wait) throws DewyException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration unused = call.onCancel(over::countDown)) {
            boolean ended = over.await(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (ended) {
                call.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(new Problem("wait for Slack", "", "it was interrupted", ""), e);
        }
    }
}
