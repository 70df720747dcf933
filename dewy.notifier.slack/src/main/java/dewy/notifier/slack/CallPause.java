package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits on the calling thread; the end of the call ends the wait. */
final class CallPause implements Pause {
    @Override
    public void await(Call call, Duration wait) throws DewyException {
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
