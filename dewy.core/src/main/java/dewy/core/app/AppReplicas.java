package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ReplicaStatus;
import dewy.api.runtime.Replicated;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.AppJournal;
import dewy.core.operation.Ongoing;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The replicas of an app that runs as such: how they are doing, and how many there are to be. Safe for use by several threads. */
public final class AppReplicas {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AppSpec spec;
    private final Optional<PluginSlot<AppRuntime>> runtime;
    private final AppJournal journal;
    private final EventScope events;
    private final Passes passes;

    AppReplicas(AppParts parts, Passes passes) {
        this.spec = parts.spec();
        this.runtime = parts.plugins().runtime();
        this.journal = parts.journal();
        this.events = parts.events();
        this.passes = passes;
    }

    /** Returns how each is doing. */
    public List<ReplicaStatus> all() throws DewyException {
        PluginSlot<AppRuntime> slot = required("look at");
        try (CancellableCall call = passes.call(LIMIT, events)) {
            return slot.use(call, instance -> replicated("look at", instance).replicas(call));
        }
    }

    /**
     * Requires that there can be another number of them.
     *
     * @throws InvalidException if the app does not run as replicas
     */
    void requireScalable() throws InvalidException {
        Optional<AppRuntime> instance = required("scale").current();
        if (instance.isPresent()) {
            Replicated unused = replicated("scale", instance.get());
        }
    }

    /**
     * Has there be so many, and returns when they serve. For the queue of the app.
     *
     * @param wanted empty for as many as the app's definition says
     */
    void scale(CancellableCall call, Ongoing<?> operation, Optional<Integer> wanted) throws DewyException {
        PluginSlot<AppRuntime> slot = required("scale");
        Optional<Integer> before = journal.memory().scaled();
        if (!before.equals(wanted)) {
            slot.reopen(spec.scaled(wanted).runtime().orElseThrow());
            keep(slot, before, wanted);
            EventScope scope = events.during("", "command", operation.actor());
            if (wanted.isPresent()) {
                scope.publish(EventKind.APP_SCALED, wanted.get(), operation.actor());
            } else {
                scope.publish(EventKind.APP_UNSCALED, operation.actor());
            }
        }
        operation.commit();
        slot.<Boolean>use(call, instance -> {
            replicated("scale", instance).complete(call);
            return true;
        });
    }

    /** What cannot be kept is not in force. */
    private void keep(PluginSlot<AppRuntime> slot, Optional<Integer> before, Optional<Integer> wanted)
            throws DewyException {
        try {
            journal.scale(wanted);
        } catch (StorageException e) {
            slot.reopen(spec.scaled(before).runtime().orElseThrow());
            throw e;
        }
    }

    private PluginSlot<AppRuntime> required(String tried) throws InvalidException {
        return runtime.orElseThrow(() -> refusal(tried, "nothing of it runs: it only places files"));
    }

    private Replicated replicated(String tried, AppRuntime instance) throws InvalidException {
        if (instance instanceof Replicated replicated) {
            return replicated;
        }
        String scheme = spec.runtime().orElseThrow().scheme();
        throw refusal(tried, "its runtime " + scheme + " does not run it as replicas, as containers are");
    }

    private InvalidException refusal(String tried, String why) {
        return new InvalidException(new Problem(tried + " the replicas of", spec.name(), why, ""));
    }
}
