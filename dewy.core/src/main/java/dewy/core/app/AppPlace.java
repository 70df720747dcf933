package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Provider;
import dewy.api.route.Router;
import dewy.core.plugin.PluginDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The app as its plugins see it. */
record AppPlace(
        String name,
        String command,
        String host,
        Path directory,
        Path stateDirectory,
        List<String> arguments,
        boolean allowsHttp,
        Optional<String> artifactName,
        PluginDirectory plugins,
        EventSink events,
        Keeper keeper,
        Optional<Router> router,
        Runnable inspection)
        implements AppContext {

    /** Where it is written what runs. */
    interface Keeper {
        void keep(HandoverState state) throws StorageException;

        void forget() throws StorageException;
    }

    /** Keeps nothing. */
    static final Keeper NOTHING_KEPT = new Keeper() {
        @Override
        public void keep(HandoverState state) {}

        @Override
        public void forget() {}
    };

    /** Returns the place as the plugin sees it whose running things are written to {@code other}. */
    AppPlace keeping(Keeper other) {
        return with(other, router);
    }

    /** Returns the place as the runtime sees it, with a proxy in front of the app or without. */
    AppPlace routing(Optional<? extends Router> by) {
        return with(keeper, by.map(Router.class::cast));
    }

    private AppPlace with(Keeper other, Optional<Router> by) {
        return new AppPlace(
                name,
                command,
                host,
                directory,
                stateDirectory,
                arguments,
                allowsHttp,
                artifactName,
                plugins,
                events,
                other,
                by,
                inspection);
    }

    /**
     * Returns the place as the cache sees it, and the store beside it: there all apps of a fleet have one name. Those of them
     * that one agent has are told apart as if each were on a host of its own.
     */
    AppPlace inFleet(String fleet) {
        return new AppPlace(
                fleet,
                command,
                fleet.equals(name) ? host : host + "." + name,
                directory,
                stateDirectory,
                arguments,
                allowsHttp,
                artifactName,
                plugins,
                events,
                keeper,
                router,
                inspection);
    }

    @Override
    public <P extends Provider<?>> P provider(Class<P> type, String scheme) throws InvalidException {
        return plugins.provider(type, scheme);
    }

    @Override
    public void keep(HandoverState state) throws StorageException {
        keeper.keep(state);
    }

    @Override
    public void forget() throws StorageException {
        keeper.forget();
    }

    @Override
    public void changed() {
        inspection.run();
    }
}
