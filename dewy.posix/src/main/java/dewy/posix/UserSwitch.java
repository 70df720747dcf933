package dewy.posix;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has a child run as another user, by putting setpriv(1) in front of it: posix_spawn(3) cannot.
 *
 * @param account whom to run as
 * @param setpriv where that program is
 */
record UserSwitch(Account account, String setpriv) {
    /**
     * Returns how to take on a user and group, or nothing if they are our own.
     *
     * @param own the environment of this process, in whose PATH setpriv is looked for
     */
    static Optional<UserSwitch> to(Optional<String> user, Optional<String> group, Map<String, String> own)
            throws InvalidException {
        if (user.isEmpty() && group.isEmpty()) {
            return Optional.empty();
        }
        int uid = CLibrary.geteuid();
        Account account = Account.ofUser(user.orElse(Integer.toUnsignedString(uid)));
        if (group.isPresent()) {
            account = account.inGroup(group.get());
        }
        if (account.uid() == uid && (group.isEmpty() || account.gid() == CLibrary.getegid())) {
            return Optional.empty();
        }
        if (uid != 0) {
            throw invalid(account, "this agent is not root", "Start it as root, or leave out --user and --group");
        }
        Optional<String> setpriv = Program.inPath("setpriv", Path.of("/"), own);
        if (setpriv.isEmpty()) {
            throw invalid(account, "there is no setpriv in PATH", "Install it; it is part of util-linux");
        }
        return Optional.of(new UserSwitch(account, setpriv.get()));
    }

    List<String> inFrontOf(List<String> words) {
        List<String> all = new ArrayList<>(List.of(
                setpriv,
                "--reuid=" + Integer.toUnsignedString(account.uid()),
                "--regid=" + Integer.toUnsignedString(account.gid()),
                "--init-groups",
                "--"));
        all.addAll(words);
        return all;
    }

    /** Returns an environment with the variables that say who one is, as a login would set them. */
    Map<String, String> in(Map<String, String> environment) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put("HOME", account.home());
        all.put("USER", account.name());
        all.put("LOGNAME", account.name());
        return all;
    }

    private static InvalidException invalid(Account account, String why, String advice) {
        return new InvalidException(Problem.of(
                "run as user", account.name() + " with group " + Integer.toUnsignedString(account.gid()), why, advice));
    }
}
