package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.core.event.EventKind;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Deletes the release folders that are too many. What an app may have to go back to in a moment stays. */
record Housekeeping(ReleaseDirectory releases, AppMemory memory, Bake bake, CycleSettings settings) {
    void prune(Pass pass) throws DewyException {
        List<Path> inUse = new ArrayList<>();
        memory.deployed().ifPresent(now -> inUse.add(now.release().folder()));
        if (bake.release().isPresent()) {
            memory.former().stream().findFirst().ifPresent(good -> inUse.add(good.folder()));
        }
        int kept = settings.keepReleases();
        List<Path> removed = releases.prune(kept, inUse, memory.badFolders(), settings.keepFailed());
        if (!removed.isEmpty()) {
            pass.events().publish(EventKind.RELEASES_PRUNED, removed.size(), kept);
        }
    }
}
