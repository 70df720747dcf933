package dewy.core.cycle;

import dewy.core.fleet.FleetSettings;
import dewy.core.hook.HookSettings;
import dewy.core.select.SelectionRules;
import java.nio.file.Path;

/**
 * What was chosen for the cycles of an app.
 *
 * @param app the name of the app
 * @param command how it runs
 * @param host the name of this host
 * @param directory the app directory
 * @param state the folder for the app's state
 */
public record CyclePlan(
        String app,
        String command,
        String host,
        Path directory,
        Path state,
        SelectionRules rules,
        FleetSettings fleet,
        CycleSettings settings,
        HookSettings hooks) {}
