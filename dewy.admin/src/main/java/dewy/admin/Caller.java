package dewy.admin;

import dewy.view.LocalUser;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param name the user of the peer, or the name of the token; empty for anybody
 * @param uid the number of the user, where the system vouches for it
 * @param from where from: {@code http 127.0.0.1:40112}, or {@code http unix} for the unix socket
 * @param isLocal whether the peer is known by the unix socket
 */
record Caller(Optional<String> name, Optional<Integer> uid, String from, boolean isLocal) {
    /** Returns somebody at the unix socket, to whom the agent belongs. */
    static Caller owner(LocalUser user) {
        return new Caller(Optional.of(user.name()), user.uid(), "http unix", true);
    }

    /** Returns whoever asks from there. */
    static Caller stranger(String address) {
        return new Caller(Optional.empty(), Optional.empty(), "http " + address, false);
    }

    /** Returns the name for the records. */
    String actor() {
        return name.orElse("anybody");
    }

    /** Returns the same by the name of a token. */
    Caller named(String token) {
        return new Caller(Optional.of(token), Optional.empty(), from, isLocal);
    }
}
