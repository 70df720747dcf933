package dewy.core.cycle;

import dewy.core.fetch.Fetcher;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import java.time.InstantSource;

/** What a deploy cycle is put together from. */
record CycleParts(
        ReleaseWatch watch,
        Fetcher fetcher,
        ReleaseDirectory releases,
        Activator activator,
        Settler settler,
        DeployHooks hooks,
        AppMemory memory,
        FailedRelease failedRelease,
        Fallback fallback,
        Upkeep upkeep,
        Bake bake,
        CycleSettings settings,
        InstantSource clock) {}
