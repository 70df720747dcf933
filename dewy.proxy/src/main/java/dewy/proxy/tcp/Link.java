package dewy.proxy.tcp;

import dewy.proxy.traffic.Target;
import java.io.IOException;

/** A client's connection and the one to its backend, each of which gets what arrives on the other. Used by its event loop alone. */
interface Link {
    /** Is told what becomes of a link, in its event loop. */
    interface Listener extends Relay.Listener {
        /** The backend has accepted a connection. */
        void connected();

        /** It has not; it can be connected to another one. */
        void notConnected();
    }

    /**
     * Begins with the client.
     *
     * @throws IOException if it has gone already
     */
    void begin(Listener whom) throws IOException;

    /**
     * Has a connection made to a backend, without a limit of time. The listener is told, now or later.
     *
     * @param announce whether it begins with a header of the PROXY protocol
     */
    void connect(Target backend, boolean announce);

    /** Waits no more for a backend to accept; it is unreachable then. */
    void stopConnecting();

    /** Returns how many bytes were passed to the client. */
    long toClient();

    /** Returns the address of the client as a number; {@code unknown} if it has none. */
    String client();

    /** Closes both connections at once. */
    void close();
}
