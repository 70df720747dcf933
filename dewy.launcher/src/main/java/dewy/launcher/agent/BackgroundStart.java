package dewy.launcher.agent;

import dewy.api.DewyException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The start of bundles on a thread of its own: an agent looks at its app meanwhile. */
final class BackgroundStart {
    private final FutureTask<Void> work;

    private BackgroundStart(FutureTask<Void> work) {
        this.work = work;
    }

    /** Begins to start bundles, and what they need. */
    static BackgroundStart of(JarBundles bundles, List<String> symbolicNames) {
        FutureTask<Void> work = new FutureTask<>(() -> {
            bundles.start(symbolicNames.toArray(String[]::new));
            return null;
        });
        Thread thread = new Thread(work, "dewy-start");
        thread.setDaemon(true);
        thread.start();
        return new BackgroundStart(work);
    }

    /**
     * Returns when all have started.
     *
     * @throws DewyException as the bundles do that do not start
     */
    void await() throws DewyException, InterruptedException {
        try {
            work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DewyException refused) {
                throw refused;
            }
            throw new IllegalStateException("bundles do not start", e.getCause());
        }
    }

    /** Returns when nothing is being started any more, whatever came of it. */
    void awaitEnd() {
        try {
            work.get();
        } catch (ExecutionException e) {
            // Whoever awaits the bundles is told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
