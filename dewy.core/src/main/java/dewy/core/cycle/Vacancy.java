package dewy.core.cycle;

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
    private Optional<ReleaseWatch.Finding> told = Optional.empty();

    Vacancy(AppMemory memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /**
     * Tells what it comes to that there is nothing to deploy.
     *
     * @param finding what was seen; equal where nothing has changed but the time
     */
    void tell(Pass pass, Verdict nothing, ReleaseWatch.Finding finding) {
        if (memory.deployed().isEmpty() && !told.equals(Optional.of(finding))) {
            String reason = nothing.outcome(clock.instant()).reason();
            pass.events().publish(EventKind.CYCLE_WITHOUT_RELEASE, reason);
            told = Optional.of(finding);
        }
    }
}
