package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.registry.Registry;
import dewy.api.runtime.AppRuntime;
import dewy.core.event.EventScope;
import dewy.core.plugin.Guard;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import dewy.core.plugin.PluginSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plugins of one app, each in its slot. */
record AppPlugins(
        AppContext app,
        PluginSlot<Registry> registry,
        PluginSlot<ArtifactSource> artifact,
        PluginSlot<Cache> cache,
        List<PluginSlot<Notifier>> notifiers,
        Optional<PluginSlot<AppRuntime>> runtime)
        implements AutoCloseable {

    /**
     * Plugs in all that an app names; its runtime goes on with what another one has handed over.
     *
     * @throws InvalidException if nobody answers to a scheme, or a URL is wrong; nothing stays plugged in then, and what
     *     was handed over is still the caller's
     */
    static AppPlugins fill(
            AppSpec spec,
            AppContext app,
            PluginDirectory directory,
            EventScope events,
            Guard guard,
            Optional<HandoverState> inherited)
            throws InvalidException {
        AppPlugins plugins = empty(spec, app, directory, events, guard);
        try {
            fill("registry", plugins.registry());
            fill("artifact", plugins.artifact());
            fill("cache", plugins.cache());
            for (PluginSlot<Notifier> notifier : plugins.notifiers()) {
                fill("notifier", notifier);
            }
            if (plugins.runtime().isPresent()) {
                plugins.runtime().get().fill(inherited);
            }
            return plugins;
        } catch (InvalidException | RuntimeException e) {
            plugins.close();
            throw e;
        }
    }

    /** Returns the slots of all that an app names, with nothing plugged in. */
    static AppPlugins empty(AppSpec spec, AppContext app, PluginDirectory directory, EventScope events, Guard guard) {
        return new AppPlugins(
                app,
                new PluginSlot<>(PluginKind.REGISTRY, spec.registry(), app, directory, events, guard),
                new PluginSlot<>(PluginKind.ARTIFACT, spec.artifact(), app, directory, events, guard),
                new PluginSlot<>(PluginKind.CACHE, spec.cache(), app, directory, events, guard),
                spec.notifiers().stream()
                        .map(url -> new PluginSlot<>(PluginKind.NOTIFIER, url, app, directory, events, guard))
                        .toList(),
                spec.runtime().map(url -> new PluginSlot<>(PluginKind.RUNTIME, url, app, directory, events, guard)));
    }

    private static void fill(String option, PluginSlot<?> slot) throws InvalidException {
        try {
            slot.fill();
        } catch (InvalidException e) {
            throw e.in(option);
        }
    }

    List<PluginSlot<?>> all() {
        List<PluginSlot<?>> all = new ArrayList<>(List.of(registry, artifact, cache));
        all.addAll(notifiers);
        runtime.ifPresent(all::add);
        return all;
    }

    /** Returns the names of the plugins that are gone. */
    List<String> missing() {
        return all().stream()
                .filter(slot -> !slot.isFilled())
                .map(PluginSlot::name)
                .distinct()
                .toList();
    }

    /** Has every slot settle on its best provider. What is done until the next time is done on one instance of each. */
    void settle() {
        all().forEach(PluginSlot::settle);
    }

    /** Returns where the instances come from. */
    List<Offer<?>> offers() {
        List<Offer<?>> offers = new ArrayList<>();
        all().forEach(slot -> slot.offer().ifPresent(offers::add));
        return offers;
    }

    /**
     * Moves every slot that one of these offers is for to it, until they are {@linkplain #release released}.
     *
     * @throws DewyException if one of them cannot; all are as before then
     */
    void moveTo(List<? extends Offer<?>> next) throws DewyException {
        List<Offer<?>> before = offers();
        try {
            for (PluginSlot<?> slot : all()) {
                moveTo(slot, next);
            }
        } catch (DewyException e) {
            goBack(before, e);
            throw e;
        }
    }

    private void goBack(List<Offer<?>> before, DewyException why) {
        for (PluginSlot<?> slot : all()) {
            try {
                moveTo(slot, before);
            } catch (DewyException e) {
                why.addSuppressed(e);
            }
        }
    }

    private static <T extends AutoCloseable> void moveTo(PluginSlot<T> slot, List<? extends Offer<?>> offers)
            throws DewyException {
        for (Offer<?> offer : offers) {
            Optional<Offer<T>> next = slot.fitting(offer);
            if (next.isPresent()) {
                slot.moveTo(next.get());
            }
        }
    }

    /** Lets the slots choose for themselves again. */
    void release() {
        all().forEach(PluginSlot::release);
    }

    /** Tries whether the slots that these offers are for could use them, without using them. */
    void prove(List<? extends Offer<?>> next) throws DewyException {
        for (PluginSlot<?> slot : all()) {
            for (Offer<?> offer : next) {
                prove(slot, offer);
            }
        }
    }

    private static <T extends AutoCloseable> void prove(PluginSlot<T> slot, Offer<?> offer) throws DewyException {
        Optional<Offer<T>> fitting = slot.fitting(offer);
        if (fitting.isPresent()) {
            slot.prove(fitting.get());
        }
    }

    /** Leaves what runs to a later agent. */
    void leaveRunning() throws StorageException {
        Optional<HandoverState> left = runtime.flatMap(PluginSlot::handOver);
        if (left.isPresent()) {
            app.keep(left.get());
        }
    }

    void vacate(Offer<?> leaving) {
        all().forEach(slot -> slot.vacate(leaving));
    }

    @Override
    public void close() {
        all().forEach(PluginSlot::close);
    }
}
