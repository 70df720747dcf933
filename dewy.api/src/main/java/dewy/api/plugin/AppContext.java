package dewy.api.plugin;

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
}
