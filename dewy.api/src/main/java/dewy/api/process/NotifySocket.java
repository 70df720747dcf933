package dewy.api.process;

import org.osgi.annotation.versioning.ProviderType;

/** A socket to which a process tells how it is doing, as sd_notify(3) does. Safe for use by several threads. */
@ProviderType
public interface NotifySocket extends AutoCloseable {
    /** Returns what a process finds in NOTIFY_SOCKET: the absolute path of a datagram socket. */
    String address();

    /** Removes the socket; nothing is received once this has returned. */
    @Override
    void close();
}
