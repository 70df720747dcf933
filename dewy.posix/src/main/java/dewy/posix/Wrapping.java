package dewy.posix;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line that is really started: what posix_spawn cannot do for the child, small programs in front of it do.
 *
 * @param command program and arguments, the program with its path
 * @param environment its whole environment
 */
record Wrapping(List<String> command, Map<String, String> environment) {
    private static final String TELL_PID = "LISTEN_PID=$$; export LISTEN_PID; exec \"$@\"";

    static Wrapping of(Spawn spawn) throws DewyException {
        List<String> command = new ArrayList<>(spawn.command());
        command.set(0, Program.find(spawn));
        Map<String, String> environment = new LinkedHashMap<>(spawn.environment());
        if (spawn.listenPid()) {
            command.addAll(0, List.of("/bin/sh", "-c", TELL_PID, "sh"));
        }
        if (spawn.user().isPresent()) {
            runAs(Account.of(spawn.user().get(), spawn.group()), command, environment);
        } else if (spawn.group().isPresent()) {
            throw new InvalidException(
                    Problem.of("run as group", spawn.group().get(), "no user is named", "Name one with --user"));
        }
        return new Wrapping(command, environment);
    }

    private static void runAs(Account account, List<String> command, Map<String, String> environment)
            throws DewyException {
        int own = ownUser();
        if (own != 0 && own != account.uid()) {
            throw new InvalidException(Problem.of(
                    "run as user",
                    account.name(),
                    "only root can start processes of others",
                    "Start the agent as root"));
        }
        if (own == 0) {
            String setpriv = Program.find(
                    Spawn.of(List.of("setpriv"), java.nio.file.Path.of("/"), java.nio.file.Path.of("/dev/null")));
            command.addAll(
                    0, List.of(setpriv, "--reuid=" + account.uid(), "--regid=" + account.gid(), "--init-groups", "--"));
        }
        environment.put("HOME", account.home());
        environment.put("USER", account.name());
        environment.put("LOGNAME", account.name());
    }

    private static int ownUser() throws StorageException {
        try {
            return Account.own();
        } catch (IOException e) {
            throw new StorageException(new Problem("find out the own user", "", "/proc is not readable", ""), e);
        }
    }
}
