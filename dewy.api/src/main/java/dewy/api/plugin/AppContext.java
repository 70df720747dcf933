package dewy.api.plugin;

import dewy.api.StorageException;
import dewy.api.event.EventSink;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The app that a plugin instance is opened for. Immutable. */
@ProviderType
public interface AppContext {
    /** Returns the name of the app, unique in the agent: letters, digits, {@code . _ -}. */
    String name();

    /** Returns how the app runs: {@code server}, {@code assets} or {@code container}. */
    String command();

    /** Returns the name of this host. */
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

    /** Returns where to tell what happens to this app. */
    EventSink events();

    /**
     * Keeps what a successor needs to go on with what runs, should this agent be killed: it is {@linkplain
     * AdoptingProvider#adopt adopted} when a later agent starts, with those of the resources that are left. It takes the
     * place of what was kept before, and is on the disk when this returns. What is handed over in the orderly way is
     * kept by core.
     *
     * @param state what runs; without resources when nothing does
     */
    default void keep(HandoverState state) throws StorageException {}

    /**
     * Tells that the app is doing otherwise than it did, of its own accord, as when what ran has crashed, or is up again:
     * core looks at it soon. Returns at once.
     */
    default void changed() {}
}
