package dewy.api.notifier;

import dewy.api.Call;
import dewy.api.DewyException;
import org.osgi.annotation.versioning.ConsumerType;

/** A channel by which people are told what happened. Core sends one notification after the other, in order. */
@ConsumerType
public interface Notifier extends AutoCloseable {
    /**
     * Sends a notification; returns when the channel has accepted it.
     *
     * @throws DewyException typed by what failed; core tries again where that can help
     */
    void send(Call call, Notification notification) throws DewyException;

    @Override
    void close();
}
