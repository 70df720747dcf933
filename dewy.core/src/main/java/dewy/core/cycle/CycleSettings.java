package dewy.core.cycle;

import dewy.archive.ExtractionLimits;
import java.time.Duration;

/**
 * How an app's cycles are run.
 *
 * @param interval between the end of a cycle and the next poll
 * @param pollTimeout how long polling and selecting may take
 * @param deployTimeout how long a whole cycle may take when there is something to deploy
 * @param keepReleases how many release folders stay
 * @param keepFailed how many folders of releases that failed stay besides
 * @param probation how long a release is watched, and for what
 * @param windows when releases are deployed that take the place of another
 * @param extraction the limits of an archive
 */
public record CycleSettings(
        Duration interval,
        Duration pollTimeout,
        Duration deployTimeout,
        int keepReleases,
        int keepFailed,
        ProbationSettings probation,
        DeployWindows windows,
        ExtractionLimits extraction) {}
