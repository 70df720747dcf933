package dewy.core.app;

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
            Optional<HandoverState> inherited)
            throws InvalidException {
        AppPlugins plugins = new AppPlugins(
                app,
                new PluginSlot<>(PluginKind.REGISTRY, spec.registry(), app, directory, events),
                new PluginSlot<>(PluginKind.ARTIFACT, spec.artifact(), app, directory, events),
                new PluginSlot<>(PluginKind.CACHE, spec.cache(), app, directory, events),
                spec.notifiers().stream()
                        .map(url -> new PluginSlot<>(PluginKind.NOTIFIER, url, app, directory, events))
                        .toList(),
                spec.runtime().map(url -> new PluginSlot<>(PluginKind.RUNTIME, url, app, directory, events)));
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

    /** Moves every slot to its best provider. */
    void refresh() {
        all().forEach(PluginSlot::refresh);
    }

    /** Leaves what runs to a later agent. */
    void leaveRunning() throws StorageException {
        Optional<HandoverState> left = runtime.flatMap(PluginSlot::handOver);
        if (left.isPresent()) {
            app.keep(left.get());
        }
    }

    boolean use(Offer<?> offer) {
        return all().stream().anyMatch(slot -> slot.isFrom(offer));
    }

    void vacate(Offer<?> leaving) {
        all().forEach(slot -> slot.vacate(leaving));
    }

    @Override
    public void close() {
        all().forEach(PluginSlot::close);
    }
}
