package dewy.api.plugin;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.event.EventSink;
import dewy.api.route.Router;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The app that a plugin instance is opened for. Immutable. */
@ProviderType
public interface AppContext {
    /**
     * Returns the name of the app, unique in the agent: letters, digits, {@code . _ -}. For a cache and a store it is that of its
     * fleet, all apps that share what is kept there, and unique is the app together with its {@linkplain #host() host}.
     */
    String name();

    /** Returns how the app runs: {@code server}, {@code assets} or {@code container}. */
    String command();

    /** Returns the name of this host; for a cache and a store followed by that of the app, where its fleet has another one. */
    String host();

    /** Returns the app directory, absolute: where {@code releases} and {@code current} are. */
    Path directory();

    /** Returns the folder for the state of this app, {@code .dewy} in the app directory; it exists. */
    Path stateDirectory();

    /** Returns the command line of the application, as given behind {@code --}; empty when there is none. */
    List<String> arguments();

    /** Returns whether plugins of this app may talk without encryption, over plain HTTP: {@code --allow-http}. */
    default boolean allowsHttp() {
        return false;
    }

    /** Returns the name of the artifact that the app is to have, where its user named one: for registries that select themselves. */
    default Optional<String> artifactName() {
        return Optional.empty();
    }

    /**
     * Returns the provider of another plugin, which is started where it is at hand: for one that refers to others, such as
     * a registry whose artifacts are anywhere. It may go at any time, so it is asked for each time anew, and what it opens
     * is closed by whoever had it opened.
     *
     * @param type the interface of a kind of plugin
     * @throws InvalidException if no plugin answers to the scheme
     */
    default <P extends Provider<?>> P provider(Class<P> type, String scheme) throws InvalidException {
        throw new InvalidException(Problem.of("use", scheme + ":", "no plugin answers to \"" + scheme + "\"", ""));
    }

    /** Returns where to tell what happens to this app. */
    EventSink events();

    /**
     * Keeps what a successor needs to go on with what runs, should this agent be killed: a later agent has it {@linkplain
     * AdoptingProvider#recover recovered}, with those of the resources that are left. It takes the place of what this kind of
     * plugin kept before for the app, and is on the disk when this returns. What is handed over in the orderly way is kept by
     * core.
     *
     * @param state what runs, also where it has no resources of this host's
     */
    default void keep(HandoverState state) throws StorageException {}

    /** Forgets what was {@linkplain #keep kept}: nothing runs any more. It is on the disk when this returns. */
    default void forget() throws StorageException {}

    /**
     * Returns what moves the traffic of the app, for its runtime; empty where the app has no proxy. It is the same for as long
     * as the instance lives, also when the proxy's plugin is replaced meanwhile, and can be used from the first call on:
     * to move traffic to a generation that became ready, to one that was started again after a crash, and to what was
     * adopted. While a proxy is away it fails as unreachable; what was asked for last at each listener, also when that failed
     * for this reason, core routes once one is there: so traffic that was to be moved back goes back.
     */
    default Optional<Router> router() {
        return Optional.empty();
    }

    /**
     * Tells that the app is doing otherwise than it did, of its own accord, as when what ran has crashed, or is up again:
     * core looks at it soon. Returns at once.
     */
    default void changed() {}
}
