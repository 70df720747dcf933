package dewy.core.cycle;

import dewy.api.ApplicationException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.hook.HookResult;
import dewy.core.hook.HookRunner;
import dewy.core.hook.HookSettings;
import dewy.core.journal.AppMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Runs the hooks of an app at their place in the cycle, and tells what became of them. */
final class DeployHooks {
    private final HookSettings settings;
    private final HookRunner runner;
    private final AppMemory memory;
    private final Path directory;
    private final String app;
    private final InstantSource clock;

    DeployHooks(
            HookSettings settings,
            HookRunner runner,
            AppMemory memory,
            Path directory,
            String app,
            InstantSource clock) {
        this.settings = settings;
        this.runner = runner;
        this.memory = memory;
        this.directory = directory;
        this.app = app;
        this.clock = clock;
    }

    /** Runs the hook before a deployment; it fails only where a failing hook is to end the deployment. */
    void before(Pass pass, Deliverable deliverable, int attempt) throws DewyException {
        run(pass, "before", settings.before(), environment(pass, deliverable, Optional.empty(), attempt));
    }

    void after(Pass pass, Deliverable deliverable, int attempt, Path folder) throws DewyException {
        run(pass, "after", settings.after(), environment(pass, deliverable, Optional.of(folder), attempt));
    }

    private void run(Pass pass, String name, Optional<String> command, Map<String, String> environment)
            throws DewyException {
        if (command.isEmpty()) {
            return;
        }
        Instant started = clock.instant();
        try {
            HookResult result = runner.run(pass.call(), name, command.get(), environment, settings.limit());
            if (result.isWell()) {
                pass.events()
                        .publish(
                                EventKind.HOOK_SUCCEEDED,
                                name,
                                command.get(),
                                result.stdout(),
                                result.stderr(),
                                since(started));
                return;
            }
            failed(pass, name, command.get(), result, started);
        } catch (DewyException e) {
            pass.call().check();
            failed(pass, name, command.get(), new HookResult(e.problem().why(), -1, "", ""), started);
        }
    }

    private void failed(Pass pass, String name, String command, HookResult result, Instant started)
            throws ApplicationException {
        EventKind kind = "before".equals(name) ? EventKind.HOOK_BEFORE_FAILED : EventKind.HOOK_AFTER_FAILED;
        Object exitCode = result.exitCode() < 0 ? "" : result.exitCode();
        pass.events()
                .publish(
                        kind,
                        name,
                        command,
                        result.ending(),
                        exitCode,
                        result.stdout(),
                        result.stderr(),
                        since(started));
        if (settings.abortOnFailure()) {
            throw new ApplicationException(new Problem(
                    "run the " + name + "-deploy hook", "\"" + command + "\"", result.ending(), "Try it by hand"));
        }
    }

    private Duration since(Instant started) {
        return Duration.between(started, clock.instant());
    }

    private Map<String, String> environment(Pass pass, Deliverable deliverable, Optional<Path> folder, int attempt) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DEWY_APP", app);
        environment.put("DEWY_VERSION", deliverable.release().tag());
        environment.put("DEWY_ARTIFACT", deliverable.artifact().name());
        environment.put("DEWY_DIRECTORY", directory.toString());
        environment.put("DEWY_DEPLOY_ID", pass.deployId());
        environment.put("DEWY_ATTEMPT", Integer.toString(attempt));
        folder.ifPresent(release -> environment.put("DEWY_RELEASE", release.toString()));
        memory.deployed()
                .ifPresent(deployed -> environment.put(
                        "DEWY_PREVIOUS_VERSION", deployed.release().tag()));
        return environment;
    }
}
