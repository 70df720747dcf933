package dewy.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs what has nothing to do with each other at the same time. */
final class SideBySide {
    private SideBySide() {}

    /** Returns when all have ended; what went wrong first in one of them goes wrong here, the rest with it. */
    static <T> List<T> run(List<? extends Callable<T>> works) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(works.size());
        try {
            List<T> results = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (Future<T> ended : threads.invokeAll(works)) {
                try {
                    results.add(ended.get());
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
            if (!failures.isEmpty()) {
                AssertionError failure = new AssertionError(failures.get(0).getMessage(), failures.get(0));
                failures.stream().skip(1).forEach(failure::addSuppressed);
                throw failure;
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
