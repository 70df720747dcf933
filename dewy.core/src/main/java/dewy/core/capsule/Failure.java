package dewy.core.capsule;

import dewy.api.DewyException;
import dewy.core.event.EventScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that failed when an app was deployed.
 *
 * @param step the step that failed
 * @param version the version that it was about
 * @param events where its events are published
 * @param why what failed
 */
public record Failure(String step, String version, EventScope events, DewyException why) {
    private static final int MOST_CAUSES = 20;

    /** Returns what failed, then what brought about each, and what failed besides. */
    List<String> chain() {
        List<String> chain = new ArrayList<>();
        add(chain, "", why);
        return chain;
    }

    private static void add(List<String> chain, String begin, Throwable failure) {
        if (chain.size() == MOST_CAUSES) {
            return;
        }
        String message = String.valueOf(failure.getMessage());
        boolean isForeseen = failure instanceof DewyException;
        chain.add(begin + (isForeseen ? message : failure.getClass().getName() + ": " + message));
        for (Throwable besides : failure.getSuppressed()) {
            add(chain, "besides: ", besides);
        }
        if (failure.getCause() != null) {
            add(chain, "caused by: ", failure.getCause());
        }
    }
}
