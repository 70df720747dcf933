package dewy.posix;

import dewy.api.DewyException;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/**
 * Starts children with posix_spawn(3). Safe for use by several threads.
 *
 * @param abilities what the system can do
 * @param threads makes the thread that watches a child
 */
record Spawner(Abilities abilities, ThreadFactory threads) {
    /** Whoever waits for the end of a child is called on its thread, so it needs some room. */
    private static final int STACK = 256 << 10;

    static Spawner ofThisSystem() {
        return new Spawner(Abilities.ofThisSystem(), work -> {
            Thread thread = new Thread(null, work, "dewy-child", STACK);
            thread.setDaemon(true);
            return thread;
        });
    }

    Child spawn(Spawn spawn) throws DewyException {
        Path directory = spawn.directory().toAbsolutePath();
        CommandLine line =
                CommandLine.of(spawn, directory, abilities.changeDirectory().isPresent());
        OutputFile.prepare(spawn.output());
        try {
            Child child = new Child(start(spawn, directory, line), abilities.pidfds());
            child.watch(threads);
            return child;
        } catch (SystemCallException e) {
            throw failure(spawn, directory, e);
        }
    }

    private int start(Spawn spawn, Path directory, CommandLine line) throws SystemCallException {
        try (FileActions actions = FileActions.of(spawn, directory, abilities);
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
            return pid[0];
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
