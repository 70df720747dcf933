package dewy.posix;

import dewy.api.ApplicationException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Starts children with posix_spawn(3). Safe for use by several threads.
 *
 * @param abilities what the system can do
 * @param threads makes the thread that watches a child
 */
record Spawner(Abilities abilities, ThreadFactory threads) {
    static Spawner ofThisSystem() {
        return new Spawner(Abilities.ofThisSystem(), Threads.factory());
    }

    Child spawn(Spawn spawn) throws DewyException {
        Path directory = spawn.directory().toAbsolutePath();
        CommandLine line =
                CommandLine.of(spawn, directory, abilities.changeDirectory().isPresent());
        OutputFile.prepare(spawn.output());
        try {
            Child child =
                    spawn.held() ? startHeld(spawn, directory, line) : start(spawn, directory, line, Optional.empty());
            child.watch(threads);
            return child;
        } catch (SystemCallException e) {
            throw failure(spawn, directory, e);
        }
    }

    /** Checks what can be known of a child before it is made, when some symbolic links will lead elsewhere. */
    static void check(Spawn spawn, Map<Path, Path> links) throws DewyException {
        Path directory = spawn.directory().toAbsolutePath();
        Outlook outlook = new Outlook(links);
        UserSwitch.to(spawn.user(), spawn.group(), System.getenv());
        try {
            Program.find(spawn.command(), directory, spawn.environment(), outlook);
        } catch (ApplicationException e) {
            boolean isOutside = !links.isEmpty()
                    && !spawn.command().isEmpty()
                    && Program.places(spawn.command().get(0), directory, spawn.environment(), Outlook.PRESENT)
                            .noneMatch(outlook::changes);
            throw isOutside ? new InvalidException(e.problem(), e) : e;
        }
    }

    private Child startHeld(Spawn spawn, Path directory, CommandLine line) throws SystemCallException {
        Gate gate = Gate.shut();
        boolean started = false;
        try {
            Child child = start(spawn, directory, line, Optional.of(gate));
            started = true;
            return child;
        } finally {
            gate.childs().close();
            if (!started) {
                gate.close();
            }
        }
    }

    private Child start(Spawn spawn, Path directory, CommandLine line, Optional<Gate> gate) throws SystemCallException {
        try (FileActions actions = FileActions.of(spawn, directory, abilities, gate);
                SpawnAttributes attributes = SpawnAttributes.ofOwnGroup();
                StringVector arguments = StringVector.of(line.words());
                StringVector environment = StringVector.of(line.assignments())) {
            int[] pid = new int[1];
            SystemCallException.checkNumber(
                    "posix_spawn",
                    CLibrary.posix_spawn(
                            pid,
                            line.path(),
                            actions.pointer(),
                            attributes.pointer(),
                            arguments.pointer(),
                            environment.pointer()));
            return new Child(pid[0], abilities.pidfds(), gate);
        }
    }

    private static DewyException failure(Spawn spawn, Path directory, SystemCallException e) {
        String name = spawn.command().get(0);
        if (e.isForLackOfRoom()) {
            return e.lackOfRoom("start " + name + " in", directory);
        }
        String advice =
                switch (e.errno()) {
                    case ENOENT -> "Check the interpreter in its first line, or the loader it was linked for";
                    case ENOEXEC ->
                        "Check that it was built for this platform; a script needs a first line such as #!/bin/sh";
                    case EACCES, EPERM -> "Check the execute bits of the file, its interpreter and their folders";
                    case E2BIG -> "Shorten its arguments or its environment";
                    default -> "Check the program";
                };
        return Program.failure(name, directory, e.reason(), advice);
    }
}
