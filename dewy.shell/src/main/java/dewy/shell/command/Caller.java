package dewy.shell.command;

import dewy.view.LocalUser;
import java.util.Optional;

/**
 * Who asks for something.
 *
 * @param user the name of the user
 * @param uid the number of the user, where it is known
 * @param from where it is asked from, for the audit log: {@code socket}, {@code prompt}
 */
public record Caller(String user, Optional<Integer> uid, String from) {
    /** Returns a user of this host: that of the agent, or root; where names cannot be looked up, a number stands for one. */
    public static Caller of(String user, String from) {
        return new Caller(user, new LocalUser(user).uid(), from);
    }
}
