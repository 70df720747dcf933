package dewy.posix;

import dewy.api.DewyException;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is really started: the program, and in front of it those that do for it what posix_spawn(3) cannot.
 *
 * @param words the command line, the first of them a path
 * @param environment the whole environment
 */
record CommandLine(List<String> words, Map<String, String> environment) {
    /**
     * Returns the command line for a child.
     *
     * @param directory its working directory, absolute
     * @param changesDirectory whether posix_spawn goes there
     */
    static CommandLine of(Spawn spawn, Path directory, boolean changesDirectory) throws DewyException {
        List<String> words = new ArrayList<>(spawn.command());
        words.set(0, Program.find(spawn.command(), directory, spawn.environment(), Outlook.PRESENT));
        Optional<UserSwitch> user = UserSwitch.to(spawn.user(), spawn.group(), System.getenv());
        Map<String, String> environment = user.isPresent() ? user.get().in(spawn.environment()) : spawn.environment();
        Optional<Path> there = changesDirectory ? Optional.empty() : Optional.of(directory);
        if (user.isEmpty()) {
            ShellWrapper shell = new ShellWrapper(spawn.held(), there, spawn.listenPid());
            return new CommandLine(shell.inFrontOf(words, environment), environment);
        }
        List<String> asUser = new ShellWrapper(false, there, spawn.listenPid()).inFrontOf(words, environment);
        ShellWrapper gate = new ShellWrapper(spawn.held(), Optional.empty(), false);
        return new CommandLine(gate.inFrontOf(user.get().inFrontOf(asUser), environment), environment);
    }

    String path() {
        return words.get(0);
    }

    /** Returns the environment as the system takes it. */
    List<String> assignments() {
        return environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }
}
