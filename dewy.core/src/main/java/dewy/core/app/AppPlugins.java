package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.control.Evidence.PluginUse;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.runtime.AppRuntime;
import dewy.api.store.Store;
import dewy.core.event.EventScope;
import dewy.core.notify.Interest;
import dewy.core.plugin.Guard;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import dewy.core.plugin.PluginSlot;
import dewy.core.route.ProxyRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The plugins of one app, each in its slot.
 *
 * @param store what the hosts of the app agree in, where the plugin of the cache has one
 * @param router of the slot in which its proxy is, where it has one
 */
record AppPlugins(
        PluginSlot<Registry> registry,
        PluginSlot<ArtifactSource> artifact,
        PluginSlot<Cache> cache,
        Optional<PluginSlot<Store>> store,
        List<PluginSlot<Notifier>> notifiers,
        Optional<ProxyRouter> router,
        Optional<PluginSlot<AppRuntime>> runtime)
        implements AutoCloseable {

    /** What slots are made with. */
    record Making(PluginDirectory directory, EventScope events, Guard guard, LongSupplier nanoTime) {
        <T extends AutoCloseable> PluginSlot<T> slot(PluginKind<T> kind, PluginUrl url, AppContext app) {
            return new PluginSlot<>(kind, url, app, directory, events, guard);
        }
    }

    /**
     * Returns the slots of an app, with nothing plugged in.
     *
     * @param proxied where it is written what its proxy has running
     * @param run where it is written what its runtime has running
     */
    static AppPlugins empty(AppSpec spec, AppPlace app, AppPlace.Keeper proxied, AppPlace.Keeper run, Making making) {
        Optional<ProxyRouter> router = spec.proxy()
                .map(url ->
                        new ProxyRouter(making.slot(PluginKind.PROXY, url, app.keeping(proxied)), making.nanoTime()));
        AppContext shared = app.inFleet(spec.fleet().name().orElse(app.name()));
        AppContext runtimeApp = app.keeping(run).routing(router);
        return new AppPlugins(
                making.slot(PluginKind.REGISTRY, spec.registry(), app),
                making.slot(PluginKind.ARTIFACT, spec.artifact(), app),
                making.slot(PluginKind.CACHE, spec.cache(), shared),
                Optional.of(making.slot(PluginKind.STORE, spec.cache(), shared)).filter(PluginSlot::isAnswered),
                spec.notifiers().stream()
                        .map(url -> making.slot(PluginKind.NOTIFIER, Interest.without(url), app))
                        .toList(),
                router,
                spec.runtime().map(url -> making.slot(PluginKind.RUNTIME, url, runtimeApp)));
    }

    /**
     * Plugs in all that an app names; its proxy and its runtime go on with what runs.
     *
     * @throws InvalidException if nobody answers to a scheme, or a URL is wrong; nothing stays plugged in then, and what
     *     runs is still the caller's
     */
    void fill(Running running) throws InvalidException {
        try {
            fill("registry", registry);
            fill("artifact", artifact);
            fill("cache", cache);
            if (store.isPresent()) {
                fill("cache", store.get());
            }
            for (PluginSlot<Notifier> notifier : notifiers) {
                fill("notifier", notifier);
            }
            if (router.isPresent()) {
                router.get().slot().fill(running.proxy());
            }
            if (runtime.isPresent()) {
                runtime.get().fill(running.runtime());
            }
        } catch (InvalidException | RuntimeException e) {
            // What it was given goes back to the caller, who has it in hand already.
            var unused = handOver();
            close();
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
        store.ifPresent(all::add);
        all.addAll(notifiers);
        router.map(ProxyRouter::slot).ifPresent(all::add);
        runtime.ifPresent(all::add);
        return all;
    }

    /** Returns which plugins are in use, and their versions. */
    List<PluginUse> uses() {
        return all().stream()
                .flatMap(slot -> slot.offer().stream().map(offer -> use(slot.name(), offer.bundle())))
                .toList();
    }

    private static PluginUse use(String plugin, String bundle) {
        int space = bundle.indexOf(' ');
        return space < 0
                ? new PluginUse(plugin, bundle, "")
                : new PluginUse(plugin, bundle.substring(0, space), bundle.substring(space + 1));
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
        for (PluginSlot<?> slot : running()) {
            slot.leave();
        }
    }

    /** Takes out what runs, for another app to go on with. */
    Running handOver() {
        Optional<HandoverState> run = runtime.flatMap(PluginSlot::handOver);
        return new Running(router.map(ProxyRouter::slot).flatMap(PluginSlot::handOver), run);
    }

    /** Returns the slots whose instances have something running: what is served comes before what it is served by. */
    private List<PluginSlot<?>> running() {
        List<PluginSlot<?>> slots = new ArrayList<>();
        runtime.ifPresent(slots::add);
        router.map(ProxyRouter::slot).ifPresent(slots::add);
        return slots;
    }

    void vacate(Offer<?> leaving) {
        all().forEach(slot -> slot.vacate(leaving));
    }

    /** What serves is closed before the proxy that routes to it. */
    @Override
    public void close() {
        running().forEach(PluginSlot::close);
        all().forEach(PluginSlot::close);
    }
}
