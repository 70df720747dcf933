package dewy.api.control;

import dewy.api.proxy.Admission;
import dewy.api.runtime.RuntimeStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an app is doing.
 *
 * @param name the name of the app
 * @param command {@code server}, {@code assets} or {@code container}
 * @param directory its directory
 * @param registry its registry, for people
 * @param state what it is doing
 * @param paused whether it looks for no new releases until it is resumed, whatever it is doing still
 * @param current what is deployed
 * @param runtime how its runtime is doing; empty for assets
 * @param admission what its proxy does with what arrives; empty where it has none, or that is away
 * @param last how the last cycle ended; empty before the first has ended
 * @param next when the registry is asked next; empty while a cycle runs, and while the app is paused
 * @param failures cycles that failed in a row
 * @param pinned the version that it is to stay at, if it is
 * @param scaled how many replicas it was scaled to, where that is in force in place of what its definition says
 * @param quarantined the versions that failed by their own fault and are left out, and what was wrong with them
 * @param refused what is wrong with what is written of it now, where that is not in force
 * @param missing schemes whose plugin is gone, as {@code kind:scheme}; the app is degraded when there are any
 * @param failingNotifiers the notifiers that failed since they last sent something
 * @param operation what is being done with it, if anything is
 * @param waiting what is to be done with it after that, in this order
 */
public record AppStatus(
        String name,
        String command,
        Path directory,
        String registry,
        AppState state,
        boolean paused,
        Optional<DeployedRelease> current,
        Optional<RuntimeStatus> runtime,
        Optional<Admission.Mode> admission,
        Optional<CycleOutcome> last,
        Optional<Instant> next,
        int failures,
        Optional<String> pinned,
        Optional<Integer> scaled,
        Map<String, String> quarantined,
        Optional<String> refused,
        List<String> missing,
        List<NotifierTrouble> failingNotifiers,
        Optional<Operation> operation,
        List<Operation> waiting) {
    public AppStatus {
        quarantined = Collections.unmodifiableMap(new LinkedHashMap<>(quarantined));
        missing = List.copyOf(missing);
        failingNotifiers = List.copyOf(failingNotifiers);
        waiting = List.copyOf(waiting);
    }

    /** Returns the same of an app whose definition was changed for the worse. */
    public AppStatus refused(String why) {
        return new AppStatus(
                name,
                command,
                directory,
                registry,
                state,
                paused,
                current,
                runtime,
                admission,
                last,
                next,
                failures,
                pinned,
                scaled,
                quarantined,
                Optional.of(why),
                missing,
                failingNotifiers,
                operation,
                waiting);
    }
}
