package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.core.event.EventKind;
import dewy.core.install.Installers;
import dewy.core.install.Retention;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.util.ArrayList;
import java.util.List;

/** Deletes the releases that are too many. What an app may have to go back to in a moment stays. */
record Housekeeping(Installers installers, AppMemory memory, Probation probation, CycleSettings settings) {
    void prune(Pass pass) throws DewyException {
        List<Installed> inUse = new ArrayList<>();
        memory.deployed().ifPresent(inUse::add);
        if (probation.release().isPresent()) {
            memory.former().stream().findFirst().ifPresent(inUse::add);
        }
        int kept = settings.keepReleases();
        int removed = installers.prune(pass.call(), new Retention(kept, settings.keepFailed(), inUse));
        if (removed > 0) {
            pass.events().publish(EventKind.RELEASES_PRUNED, removed, kept);
        }
    }
}
