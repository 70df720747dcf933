package dewy.cache.redis;

import dewy.api.plugin.Secret;
import java.util.Optional;

/** Who asks. Without a user, the password is that of the server's default user. */
record Login(Optional<String> user, Optional<Secret> password) {
    static final Login NONE = new Login(Optional.empty(), Optional.empty());

    /** Returns who asks, for people. */
    String who() {
        return user.map(name -> "the user " + name).orElse("the default user");
    }
}
