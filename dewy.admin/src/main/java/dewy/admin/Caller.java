package dewy.admin;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param name the user of the peer, or the name of the token; empty for anybody
 * @param from where from: {@code http 127.0.0.1:40112}, or {@code http unix} for the unix socket
 * @param isLocal whether the system vouches for the user, who owns this agent
 */
record Caller(Optional<String> name, String from, boolean isLocal) {
    /** Returns the name for the records. */
    String actor() {
        return name.orElse("anybody");
    }

    /** Returns the same with the name of a token. */
    Caller named(String token) {
        return new Caller(Optional.of(token), from, isLocal);
    }
}
