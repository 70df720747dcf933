package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeStatus;
import dewy.core.event.EventKind;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import dewy.core.journal.AppMemory.Installed;
import dewy.core.plugin.PluginSlot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Moves an app to a release: {@code current} first, so that the new generation finds it, then the runtime. When the new
 * generation does not become ready, {@code current} goes back to where the serving one came from.
 */
final class Activator {
    private final ReleaseDirectory releases;
    private final Optional<PluginSlot<AppRuntime>> runtime;
    private final AppMemory memory;

    Activator(ReleaseDirectory releases, Optional<PluginSlot<AppRuntime>> runtime, AppMemory memory) {
        this.releases = releases;
        this.runtime = runtime;
        this.memory = memory;
    }

    /** Returns whether what is deployed is in use: its runtime keeps it up, or it needs none. */
    boolean isServing() {
        return runtime.isEmpty()
                || runtime.get()
                        .current()
                        .map(instance -> isUp(instance.status().state()))
                        .orElse(true);
    }

    /** Has what was deployed serve again, without asking the registry, as after a restart of the agent. */
    void resume(Pass pass, Installed deployed) throws DewyException {
        if (!Files.isDirectory(deployed.folder())) {
            return;
        }
        switchTo(pass, deployed.folder(), EventKind.CURRENT_RESTORED);
        if (runtime.isPresent()) {
            pass.events().publish(EventKind.SERVER_RESUMED, deployed.tag(), deployed.folder());
            start(pass, deployed.deliverable(), deployed);
        }
    }

    void activate(Pass pass, Deliverable deliverable, Installed installed) throws DewyException {
        Optional<Path> previous = releases.current();
        memory.activating(pass.deployId(), installed);
        switchTo(pass, installed.folder(), EventKind.CURRENT_SWITCHED);
        try {
            start(pass, deliverable, installed);
        } catch (DewyException | RuntimeException e) {
            memory.activationFailed(pass.deployId(), installed, String.valueOf(e.getMessage()));
            if (previous.isPresent()) {
                switchTo(pass, previous.get(), EventKind.CURRENT_RESTORED);
            }
            throw e;
        }
        memory.activated(pass.deployId(), installed);
    }

    private void start(Pass pass, Deliverable deliverable, Installed installed) throws DewyException {
        if (runtime.isEmpty()) {
            return;
        }
        Map<String, String> environment = Map.of("DEWY_VERSION", installed.tag());
        Activation activation = new Activation(deliverable, Optional.of(installed.folder()), environment);
        boolean replaces = runtime.get().<Boolean>use(pass.call(), instance -> {
            boolean up = isUp(instance.status().state());
            instance.prepare(pass.call(), activation);
            instance.activate(pass.call(), activation);
            return up;
        });
        pass.events().publish(replaces ? EventKind.SERVER_RESTARTED : EventKind.SERVER_BEGUN, installed.tag());
    }

    private void switchTo(Pass pass, Path folder, EventKind kind) throws DewyException {
        if (!releases.current().equals(Optional.of(folder))) {
            releases.activate(folder);
            pass.events()
                    .publish(kind, folder, folder.resolveSibling("../current").normalize());
        }
    }

    private static boolean isUp(RuntimeStatus.State state) {
        return state == RuntimeStatus.State.RUNNING
                || state == RuntimeStatus.State.STARTING
                || state == RuntimeStatus.State.BACKING_OFF;
    }
}
