package dewy.tck;

import dewy.api.CancellableCall;
import java.time.Duration;

/** Makes calls, and says how long things may take. */
final class Calls {
    /** How long a test is given whose end is not in question. */
    static final Duration PLENTY = Duration.ofSeconds(30);

    /** How much later than its deadline, or its cancellation, a call may end. */
    static final Duration DELAY = Duration.ofSeconds(2);

    /** How long closing may take, and what it ends. */
    static final Duration CLOSING = Duration.ofSeconds(5);

    private Calls() {}

    static CancellableCall call() {
        return call(PLENTY);
    }

    static CancellableCall call(Duration limit) {
        return CancellableCall.of("contract", limit);
    }

    /** Returns a call that was cancelled before anything was done with it. */
    static CancellableCall cancelled() {
        CancellableCall call = call();
        call.cancel("the test cancelled it");
        return call;
    }
}
