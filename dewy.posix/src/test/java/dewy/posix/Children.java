package dewy.posix;

import dewy.api.DewyException;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Children of one test, in its folder and with one output; what is left of them is killed with it. */
final class Children implements AutoCloseable {
    private static final Spawner THIS_SYSTEM = loaded();

    private final ConcurrentLinkedQueue<ChildProcess> started = new ConcurrentLinkedQueue<>();
    private final Path folder;
    private final Spawner spawner;

    Children(Path folder, Spawner spawner) {
        this.folder = folder;
        this.spawner = spawner;
    }

    static Children of(Path folder) {
        return new Children(folder, thisSystem());
    }

    static Spawner thisSystem() {
        return THIS_SYSTEM;
    }

    /** What an older C library and an older kernel make of it. */
    static Spawner olderSystem() {
        return new Spawner(new Abilities(Optional.empty(), Optional.empty(), false), THIS_SYSTEM.threads());
    }

    ChildProcess start(Spawn spawn) throws DewyException {
        ChildProcess child = spawner.spawn(spawn);
        started.add(child);
        return child;
    }

    ExitStatus run(Spawn spawn) throws Exception {
        return Await.exit(start(spawn));
    }

    Spawn shell(String script) {
        return command("/bin/sh", "-c", script);
    }

    Spawn command(String... command) {
        return Spawn.of(List.of(command), folder, log());
    }

    Path log() {
        return folder.resolve("output.log");
    }

    String output() throws IOException {
        return Files.readString(log());
    }

    @Override
    public void close() {
        started.forEach(child -> child.signalGroup(Signal.KILL));
        started.forEach(child -> Await.that(() -> !child.isGroupAlive(), "the end of " + child.pid()));
    }

    private static Spawner loaded() {
        try {
            NativeCode.require(Optional::empty);
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
        return Spawner.ofThisSystem();
    }
}
