package dewy.posix;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What posix_spawn(3) does in the child before the program starts. All descriptors that the child is not to have are
 * closed there: marking them in the parent instead would race with other threads that open some.
 */
final class FileActions implements AutoCloseable {
    private static final int ROOM = 512;
    private static final int OUTPUT_MODE = 0640;
    private static final int STANDARD_ERROR = 2;
    /** How many more descriptors other threads may open between counting and spawning. */
    private static final int MARGIN = 256;

    private final Memory memory = new Memory(ROOM);
    private final List<Lease> moved = new ArrayList<>();

    private FileActions() throws SystemCallException {
        SystemCallException.checkNumber(
                "posix_spawn_file_actions_init", CLibrary.posix_spawn_file_actions_init(memory));
    }

    static FileActions of(Spawn spawn, Path directory, Abilities abilities, Optional<Gate> gate)
            throws SystemCallException {
        FileActions actions = new FileActions();
        boolean complete = false;
        try {
            actions.add(spawn, directory, abilities, gate);
            complete = true;
            return actions;
        } finally {
            if (!complete) {
                actions.close();
            }
        }
    }

    Pointer pointer() {
        return memory;
    }

    @Override
    public void close() {
        CLibrary.posix_spawn_file_actions_destroy(memory);
        memory.close();
        moved.forEach(Lease::close);
    }

    private void add(Spawn spawn, Path directory, Abilities abilities, Optional<Gate> gate) throws SystemCallException {
        if (abilities.changeDirectory().isPresent()) {
            changeDirectory(abilities.changeDirectory().get(), directory);
        }
        Map<Integer, DescriptorLease> descriptors = spawn.descriptors();
        if (!descriptors.containsKey(0)) {
            open(0, "/dev/null", Constants.O_RDONLY);
        }
        Path output = spawn.output().toAbsolutePath();
        open(1, output.toString(), Constants.O_WRONLY | Constants.O_CREAT | Constants.O_APPEND);
        int highest = descriptors.keySet().stream().reduce(STANDARD_ERROR, Math::max);
        // Whatever else the child gets, its standard error is the same as its output: it can be made anew behind the
        // gate.
        duplicate(gate.isPresent() ? above(highest, gate.get().childs().descriptor()) : 1, STANDARD_ERROR);
        for (Map.Entry<Integer, DescriptorLease> entry : descriptors.entrySet()) {
            duplicate(above(highest, entry.getValue().descriptor()), entry.getKey());
        }
        closeOthers(descriptors, highest, abilities);
    }

    private void changeDirectory(Function function, Path directory) throws SystemCallException {
        SystemCallException.checkNumber(
                "posix_spawn_file_actions_addchdir_np",
                function.invokeInt(new Object[] {memory, directory.toString()}));
    }

    private void open(int descriptor, String path, int flags) throws SystemCallException {
        SystemCallException.checkNumber(
                "posix_spawn_file_actions_addopen",
                CLibrary.posix_spawn_file_actions_addopen(memory, descriptor, path, flags, OUTPUT_MODE));
    }

    private void duplicate(int from, int to) throws SystemCallException {
        SystemCallException.checkNumber(
                "posix_spawn_file_actions_adddup2", CLibrary.posix_spawn_file_actions_adddup2(memory, from, to));
    }

    /** A source at or below the highest target could be overwritten before its turn comes: it moves out of the way. */
    private int above(int highest, int source) throws SystemCallException {
        if (source > highest) {
            return source;
        }
        Lease lease = new Lease(Descriptors.duplicate(source, highest + 1));
        moved.add(lease);
        return lease.descriptor();
    }

    private void closeOthers(Map<Integer, DescriptorLease> kept, int highest, Abilities abilities)
            throws SystemCallException {
        if (Constants.MACOS) {
            return; // SpawnAttributes asks for it, and closing what is not open is an error there.
        }
        for (int gap = STANDARD_ERROR + 1; gap < highest; gap++) {
            if (!kept.containsKey(gap)) {
                SystemCallException.checkNumber("posix_spawn_file_actions_addclose", close(gap));
            }
        }
        if (abilities.closeFrom().isPresent()) {
            SystemCallException.checkNumber(
                    "posix_spawn_file_actions_addclosefrom_np",
                    abilities.closeFrom().get().invokeInt(new Object[] {memory, highest + 1}));
        } else {
            closeEach(highest + 1, Math.max(highest, Descriptors.highestOpen()) + MARGIN);
        }
    }

    private void closeEach(int first, int last) {
        boolean possible = true;
        for (int descriptor = first; possible && descriptor <= last; descriptor++) {
            // The first one beyond the limit of the process is refused.
            possible = close(descriptor) == 0;
        }
    }

    private int close(int descriptor) {
        return CLibrary.posix_spawn_file_actions_addclose(memory, descriptor);
    }
}
