package dewy.core.cycle;

import dewy.core.deliverable.Installers;
import dewy.core.journal.AppJournal;
import dewy.core.journal.AppMemory;
import java.time.InstantSource;

/** What a deploy cycle is put together from. */
record CycleParts(
        ReleaseWatch watch,
        Installers installers,
        Activator activator,
        Settler settler,
        DeployHooks hooks,
        AppMemory memory,
        AppJournal journal,
        FailedRelease failedRelease,
        Fallback fallback,
        Upkeep upkeep,
        Bake bake,
        CycleSettings settings,
        InstantSource clock) {}
