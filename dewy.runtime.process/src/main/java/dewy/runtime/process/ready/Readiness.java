package dewy.runtime.process.ready;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.NotifySockets;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Optional;

/** By what a new generation is known to be ready, as the option {@code ready} says. */
public sealed interface Readiness permits Alive, Notified, HttpAnswer, TcpAccept, AlsoAccepting {
    /**
     * What it takes to find that out.
     *
     * @param timer the time
     * @param sockets what opens the sockets to which servers tell how they are doing
     * @param user whom the server runs as, where that is not the user of the agent
     */
    record Means(Timer timer, NotifySockets sockets, Optional<String> user) {}

    /** Prepares to wait for one generation, which is not launched yet. */
    Waiting prepare(Means means) throws DewyException;

    /** Returns the readiness of what stays up for so long. */
    static Readiness alive(Duration upTime) {
        return new Alive(upTime);
    }

    /** Returns whether it is known only with the port that is given to the server. */
    default boolean needsPort() {
        return false;
    }

    /** Returns the readiness of a server that has this port of the loopback address: it must be accepting there as well. */
    default Readiness at(int port) {
        return new AlsoAccepting(this, new TcpAccept(Address.own("tcp", port, "")));
    }

    /** Returns whether the wait may never end by itself, so that it needs a limit. */
    default boolean needsLimit() {
        return true;
    }

    /**
     * Reads {@code alive}, {@code notify}, {@code http://host:port/path}, {@code tcp://host:port}, or {@code /path} at the
     * port that is given to the server.
     *
     * @param upTime how long a server must stay up for {@code alive}
     * @throws InvalidException if it is none of these
     */
    static Readiness parse(String text, Duration upTime) throws InvalidException {
        if (text.equals("alive")) {
            return alive(upTime);
        }
        if (text.equals("notify")) {
            return new Notified();
        }
        Optional<Address> address = text.startsWith("/") ? Address.parseOwn(text) : Address.parse(text);
        if (address.isPresent() && address.get().scheme().equals("http")) {
            return new HttpAnswer(address.get());
        }
        if (address.isPresent() && address.get().scheme().equals("tcp")) {
            return new TcpAccept(address.get());
        }
        throw new InvalidException(Problem.of(
                "know a ready server",
                "\"" + text + "\"",
                "it is none of alive, notify, http://host:port/path, tcp://host:port and /path",
                "Write one of them"));
    }
}
