package dewy.api.plugin;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A provider whose instances can take over from an earlier instance of the same plugin.
 *
 * @param <T> what it opens
 */
@ConsumerType
public interface AdoptingProvider<T extends AutoCloseable> extends Provider<T> {
    /**
     * Returns the {@linkplain HandoverState#format format} in which its instances hand over what they hold. Another version of
     * the plugin takes its place only if either {@linkplain #adopts adopts} what the other one hands over, so that there is a
     * way back.
     */
    default int format() {
        return 1;
    }

    /** Returns whether {@link #adopt} knows a format. */
    default boolean adopts(int format) {
        return format == format();
    }

    /**
     * Finds what an earlier agent left running of an app when it was killed, or left on purpose. Asked once, when the app
     * begins in this agent, before an instance is opened or anything is done with a release; what is returned is {@linkplain
     * #adopt adopted} at once. A plugin whose resources can be found without having been written down, such as containers by
     * their labels, looks for them itself, whatever was written.
     *
     * @param kept what was {@linkplain AppContext#keep kept} last, with those of the resources that core could find; empty
     *     when nothing was
     * @return what there is to go on with; empty when nothing is left
     * @throws dewy.api.DewyException if that could not be found out: the app does not begin then, since what is left would be
     *     started twice
     */
    default Optional<HandoverState> recover(Call call, PluginUrl url, AppContext app, Optional<HandoverState> kept)
            throws DewyException {
        return kept.filter(state -> !state.resources().isEmpty());
    }

    /**
     * Opens an instance that goes on where its predecessor stopped. As in {@link #open}, nothing slow is done here: what must be
     * put in order first, such as traffic to be moved to what serves, is done in the background, or by the next call.
     *
     * @throws InvalidException if the URL is wrong, or the state has a format that this version does not know
     */
    T adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException;
}
