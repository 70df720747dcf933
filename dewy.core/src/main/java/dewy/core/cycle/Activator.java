package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeStatus;
import dewy.core.event.EventKind;
import dewy.core.install.Installer;
import dewy.core.install.Installers;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Ending;
import dewy.core.journal.Installed;
import dewy.core.journal.Move;
import dewy.core.plugin.PluginSlot;
import dewy.core.route.ProxyRouter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Moves an app to a release: what can be known before is made sure of first, then {@code current}, so that the new
 * generation finds it, then the runtime. When the new generation does not become ready, {@code current} goes back to where
 * the serving one came from.
 */
final class Activator {
    private final Installers installers;
    private final Optional<ProxyRouter> router;
    private final Optional<PluginSlot<AppRuntime>> runtime;
    private final AppJournal journal;
    private final Probation probation;
    private Optional<String> unrecorded = Optional.empty();

    Activator(
            Installers installers,
            Optional<ProxyRouter> router,
            Optional<PluginSlot<AppRuntime>> runtime,
            AppJournal journal,
            Probation probation) {
        this.installers = installers;
        this.router = router;
        this.runtime = runtime;
        this.journal = journal;
        this.probation = probation;
    }

    /** Has the app's listeners open, where a proxy carries its traffic. */
    void listen(Pass pass) throws DewyException {
        if (router.isPresent()) {
            pass.enter(CycleStep.LISTEN);
            router.get().start(pass.call());
        }
    }

    /** Returns whether what is deployed is in use: its runtime keeps it up, or it needs none. */
    boolean isServing(Pass pass) {
        return status(pass).map(status -> isUp(status.state())).orElse(true);
    }

    /**
     * Has what was deployed serve again, without asking the registry, as after a restart of the agent. What an earlier
     * agent left running serves on. When that is not what was deployed last, the agent was killed before it could note the
     * deployment, which the next cycle does.
     *
     * @param renew whether what runs already is to be replaced
     */
    void resume(Pass pass, Installed deployed, boolean renew) throws DewyException {
        Optional<RuntimeStatus> left = renew ? Optional.empty() : serving(pass);
        if (left.isPresent()) {
            String key = left.get().cacheKey().orElseThrow();
            String instances = String.join(", ", left.get().instances());
            pass.events().publish(of(deployed, EventKind.SERVER_TAKEN_OVER), key, instances);
            if (!key.equals(deployed.deliverable().cacheKey())) {
                unrecorded = Optional.of(key);
                return;
            }
        }
        if (!isThere(pass, deployed)) {
            return;
        }
        if (left.isEmpty() && runtime.isPresent()) {
            EventKind told = startDeployed(pass, deployed);
            pass.events().publish(of(deployed, told), deployed.tag());
        } else {
            select(pass, deployed, EventKind.CURRENT_RESTORED);
        }
    }

    /** Starts what is deployed where nothing of it runs any more; people have been told why. */
    void serveAgain(Pass pass, Installed deployed) throws DewyException {
        if (isThere(pass, deployed)) {
            startDeployed(pass, deployed);
            pass.events().publish(of(deployed, EventKind.SERVER_STARTED_AGAIN), deployed.tag());
        }
    }

    private EventKind startDeployed(Pass pass, Installed deployed) throws DewyException {
        Activation activation = activation(deployed.deliverable(), deployed);
        prepare(pass, activation);
        select(pass, deployed, EventKind.CURRENT_RESTORED);
        pass.events().publish(of(deployed, EventKind.SERVER_RESUMED), deployed.tag(), deployed.place());
        return start(pass, activation);
    }

    /** Returns whether what was installed is still on this host. */
    boolean isThere(Pass pass, Installed installed) throws DewyException {
        return installers.of(installed).holds(pass.call(), installed);
    }

    /** Returns how what is deployed is doing; empty when nothing runs. It is asked once a step, and anew once that changed it. */
    Optional<RuntimeStatus> status(Pass pass) {
        return pass.runtimeStatus(() -> runtime.flatMap(PluginSlot::current).map(AppRuntime::status));
    }

    /** Moves to a release, which is on probation then, and tells people. What is only started again has stood the test. */
    void activate(Pass pass, Deliverable deliverable, Installed installed, Move move) throws DewyException {
        boolean isOther = !journal.memory().deployed().equals(Optional.of(installed));
        EventKind told = move(pass, deliverable, installed, move);
        if (runtime.isPresent()) {
            EventKind deployed = installed.image().isPresent() ? EventKind.CONTAINER_DEPLOYED : told;
            pass.events().publish(deployed, installed.tag());
        }
        if (isOther) {
            probation.begin(installed, Duration.ZERO);
        }
    }

    /** Returns whether what was activated is watched, and left again where it is no good. */
    boolean isOnProbation() {
        return runtime.isPresent() && probation.release().isPresent();
    }

    /** What serves is taken to be good. */
    void endProbation() {
        probation.end();
    }

    /** Moves back to a release; people have been told why. */
    void goBack(Pass pass, Installed installed, Move move) throws DewyException {
        move(pass, installed.deliverable(), installed, move);
        pass.events().publish(of(installed, EventKind.SERVER_RESUMED), installed.tag(), installed.place());
    }

    private EventKind move(Pass pass, Deliverable deliverable, Installed installed, Move move) throws DewyException {
        Activation activation = activation(deliverable, installed);
        Installer.Undo undo;
        EventKind told;
        journal.activating(move, installed);
        try {
            installers.of(installed).provide(pass.call(), pass.events(), installed);
            prepare(pass, activation);
        } catch (DewyException | RuntimeException e) {
            note(pass, move, installed, e);
            throw e;
        }
        undo = select(pass, installed, EventKind.CURRENT_SWITCHED);
        try {
            told = start(pass, activation);
        } catch (DewyException | RuntimeException e) {
            undo(pass, undo, installed, move, e);
            throw e;
        }
        journal.activated(move, installed);
        return told;
    }

    /** What fails on the way back comes with what failed before: that is what people need to know. */
    private void undo(Pass pass, Installer.Undo undo, Installed installed, Move move, Exception failed) {
        try {
            undo.run();
        } catch (DewyException e) {
            failed.addSuppressed(e);
            return;
        }
        note(pass, move, installed, failed);
    }

    private void note(Pass pass, Move move, Installed installed, Exception failed) {
        Optional<String> by = pass.cancelledBy();
        if (failed instanceof CancelledException && by.isEmpty()) {
            return; // It was interrupted, which is no end of it.
        }
        Ending ending = by.filter(who -> failed instanceof CancelledException)
                .map(Ending::cancelled)
                .orElseGet(() -> Ending.failed(String.valueOf(failed.getMessage())));
        try {
            journal.activationFailed(move, installed, ending);
        } catch (DewyException e) {
            failed.addSuppressed(e);
        }
    }

    private Installer.Undo select(Pass pass, Installed installed, EventKind told) throws DewyException {
        return installers.of(installed).select(pass.events(), installed, told);
    }

    private static Activation activation(Deliverable deliverable, Installed installed) {
        Activation activation = installed
                .image()
                .map(image -> Activation.of(deliverable, image))
                .orElseGet(() -> Activation.of(deliverable, installed.folder().orElseThrow()));
        return activation.with(Map.of("DEWY_VERSION", installed.tag()));
    }

    /** Has the runtime make ready what can be made ready, and find what can be found, before anything is changed. */
    private void prepare(Pass pass, Activation activation) throws DewyException {
        if (runtime.isPresent() && !runs(activation)) {
            runtime.get().<Boolean>use(pass.call(), instance -> {
                instance.prepare(pass.call(), activation);
                return true;
            });
        }
    }

    /** Returns whether that is what an earlier agent left running, and could not note as deployed. */
    private boolean runs(Activation activation) {
        return unrecorded.equals(Optional.of(activation.deliverable().cacheKey()));
    }

    private EventKind start(Pass pass, Activation activation) throws DewyException {
        boolean runs = runs(activation);
        unrecorded = Optional.empty();
        if (runtime.isEmpty() || runs) {
            return EventKind.SERVER_BEGUN;
        }
        pass.runtimeChanges();
        boolean replaces = runtime.get().<Boolean>use(pass.call(), instance -> {
            boolean up = isUp(instance.status().state());
            instance.activate(pass.call(), activation);
            return up;
        });
        return replaces ? EventKind.SERVER_RESTARTED : EventKind.SERVER_BEGUN;
    }

    private static EventKind of(Installed installed, EventKind told) {
        return installed.image().isPresent() ? told.inContainers() : told;
    }

    private Optional<RuntimeStatus> serving(Pass pass) {
        return status(pass)
                .filter(status -> isUp(status.state()) && status.cacheKey().isPresent());
    }

    private static boolean isUp(RuntimeStatus.State state) {
        return state == RuntimeStatus.State.RUNNING
                || state == RuntimeStatus.State.STARTING
                || state == RuntimeStatus.State.BACKING_OFF;
    }
}
