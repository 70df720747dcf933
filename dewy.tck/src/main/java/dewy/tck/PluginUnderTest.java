package dewy.tck;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import java.util.List;
import java.util.Map;

/**
 * What a contract needs to know of a plugin, and to do to its remote. The remote is as new for each test: it works, and
 * holds nothing.
 *
 * @param <T> what the provider opens
 */
public interface PluginUnderTest<T extends AutoCloseable> {
    /** Returns the provider under test, as its bundle registers it; the same one during a test. */
    Provider<T> provider();

    /** Returns a URL that works, as long as the remote does; after some {@link #befall} it may be another one. */
    String url();

    /** Returns URLs that are refused: together they have a mistake in every part and parameter that can have one. */
    List<WrongUrl> wrongUrls();

    /** Returns the app for which instances are opened. */
    AppContext app();

    /**
     * Returns what can befall the remote of this plugin, each with the failure that {@link #use} ends with then. What is
     * not among them is not tested: a folder refuses nobody who runs as root, and never hangs.
     */
    Map<Trouble, Class<? extends DewyException>> troubles();

    /** Brings the remote into a state that is among {@link #troubles}; called before an instance is opened. */
    void befall(Trouble trouble) throws Exception;

    /** Returns once the remote has got what it does not answer; called after {@link Trouble#HANGING} only. */
    default void awaitHanging() throws Exception {
        throw new AssertionError("a remote that can hang tells that it does");
    }

    /** Returns how much was asked of the remote so far; 0 where there is nothing that could count. */
    default long asked() {
        return 0;
    }

    /** Returns the secrets that the plugin under test works with; none of them may ever be seen. */
    default List<String> secrets() {
        return List.of();
    }

    /** Does what instances of this kind are for, and needs the remote to do it. */
    void use(T instance, Call call) throws Exception;

    /** Returns whether several threads may use one instance at once. */
    boolean sharesInstances();

    /** Opens an instance by {@link #url}, for the caller to close. */
    default T open() throws Exception {
        return open(url());
    }

    /** Opens an instance, for the caller to close. */
    default T open(String url) throws Exception {
        return provider().open(PluginUrl.parse(url), app());
    }
}
