package dewy.api.process;

import dewy.api.plugin.Secret;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a child process is to be started. It gets a process group of its own, default signals, an empty signal mask, and no
 * descriptor but those named here.
 *
 * @param command program and arguments; a program without a slash is looked up in PATH
 * @param directory its working directory
 * @param environment its whole environment
 * @param descriptors which descriptor of this process becomes which one of the child, by the child's number; where 0 is
 *     not named it reads from nothing
 * @param output a file to which its standard output and standard error are appended; created when missing
 * @param user name or number of the user to run as; needs root; HOME, USER and LOGNAME are then those of that user
 * @param group name or number of the group to run as; the user's own group when only a user is named
 * @param listenPid whether the child finds its own process id in LISTEN_PID, as sd_listen_fds(3) asks
 * @param held whether the program begins only with {@link ChildProcess#proceed}; when the agent ends before that, the
 *     child ends by itself and has done nothing. So it can be noted before it acts
 */
public record Spawn(
        List<String> command,
        Path directory,
        Map<String, String> environment,
        Map<Integer, DescriptorLease> descriptors,
        Path output,
        Optional<String> user,
        Optional<String> group,
        boolean listenPid,
        boolean held) {
    public Spawn {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        descriptors = Map.copyOf(descriptors);
    }

    /** Returns how to start a command with the environment of the agent, but for its {@linkplain Secret secrets}. */
    public static Spawn of(List<String> command, Path directory, Path output) {
        return new Spawn(
                command,
                directory,
                Secret.withoutSecrets(System.getenv()),
                Map.of(),
                output,
                Optional.empty(),
                Optional.empty(),
                false,
                false);
    }

    /** Returns the same with more, or other, environment variables. */
    public Spawn withEnvironment(Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(environment);
        merged.putAll(more);
        return new Spawn(command, directory, merged, descriptors, output, user, group, listenPid, held);
    }

    public Spawn withDescriptors(Map<Integer, DescriptorLease> inherited) {
        return new Spawn(command, directory, environment, inherited, output, user, group, listenPid, held);
    }

    public Spawn withUser(Optional<String> otherUser, Optional<String> otherGroup) {
        return new Spawn(command, directory, environment, descriptors, output, otherUser, otherGroup, listenPid, held);
    }

    public Spawn withListenPid() {
        return new Spawn(command, directory, environment, descriptors, output, user, group, true, held);
    }

    public Spawn asHeld() {
        return new Spawn(command, directory, environment, descriptors, output, user, group, listenPid, true);
    }
}
