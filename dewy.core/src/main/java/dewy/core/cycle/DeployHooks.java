package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
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
    void before(Pass pass, Deliverable deliverable) throws DewyException {
        run(pass, "before", settings.before(), deliverable, Optional.empty());
    }

    void after(Pass pass, Deliverable deliverable, Path folder) throws DewyException {
        run(pass, "after", settings.after(), deliverable, Optional.of(folder));
    }

    private void run(Pass pass, String name, Optional<String> command, Deliverable deliverable, Optional<Path> folder)
            throws DewyException {
        if (command.isEmpty()) {
            return;
        }
        Instant started = clock.instant();
        Map<String, String> environment = environment(pass, deliverable, folder);
        try {
            String output = runner.run(pass.call(), name, command.get(), environment, settings.limit());
            pass.events().publish(EventKind.HOOK_SUCCEEDED, name, command.get(), output, since(started));
        } catch (DewyException e) {
            pass.events()
                    .publish(
                            EventKind.HOOK_FAILED,
                            name,
                            command.get(),
                            e.problem().why(),
                            since(started));
            pass.call().check();
            if (settings.abortOnFailure()) {
                throw e;
            }
        }
    }

    private Duration since(Instant started) {
        return Duration.between(started, clock.instant());
    }

    private Map<String, String> environment(Pass pass, Deliverable deliverable, Optional<Path> folder) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DEWY_APP", app);
        environment.put("DEWY_VERSION", deliverable.release().tag());
        environment.put("DEWY_ARTIFACT", deliverable.artifact().name());
        environment.put("DEWY_DIRECTORY", directory.toString());
        environment.put("DEWY_DEPLOY_ID", pass.deployId());
        folder.ifPresent(release -> environment.put("DEWY_RELEASE", release.toString()));
        memory.deployed()
                .ifPresent(deployed -> environment.put(
                        "DEWY_PREVIOUS_VERSION", deployed.release().tag()));
        return environment;
    }
}
