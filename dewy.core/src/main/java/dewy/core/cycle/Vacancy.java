package dewy.core.cycle;

import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.journal.AppMemory;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tells why nothing of an app is deployed yet: once, however often the registry is asked, and anew when the reason is
 * another one. For one thread.
 */
final class Vacancy {
    private final AppMemory memory;
    private final InstantSource clock;
    private Optional<ReleaseWatch.Sight> told = Optional.empty();

    Vacancy(AppMemory memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /**
     * Tells what a look at the registry came to, if it is that there is nothing to deploy.
     *
     * @param sight what was seen; equal where nothing has changed but the time
     */
    void tell(Pass pass, Step<Deliverable> found, ReleaseWatch.Sight sight) {
        boolean isNew = !told.equals(Optional.of(sight));
        if (isNew
                && found instanceof Step.Stop<Deliverable> stop
                && memory.deployed().isEmpty()) {
            String reason = stop.verdict().outcome(clock.instant()).reason();
            pass.events().publish(EventKind.CYCLE_WITHOUT_RELEASE, reason);
            told = Optional.of(sight);
        }
    }
}
