package dewy.runtime.process;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done when a future completes: nobody waits for it, so what goes wrong there is logged. */
final class Completion {
    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);

    private Completion() {}

    /** Has {@code action} run when {@code future} completes well; at once if it has. */
    static <T> void then(CompletableFuture<T> future, Consumer<? super T> action) {
        var unused = future.thenAccept(action).handle((done, failure) -> {
            boolean failed = failure != null;
            if (failed) {
                LOG.error("What follows the end of a server failed", failure);
            }
            return failed;
        });
    }
}
