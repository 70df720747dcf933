package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Spawn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What posix_spawn does in the child before the program starts. All descriptors that the child is not to have are closed
 * there: marking them in the parent instead would race with other threads that open some.
 */
final class SpawnActions implements AutoCloseable {
    private static final int ROOM = 1024;
    private static final int FALLBACK_CLOSES = 1024;
    private static final int OUTPUT_MODE = 0640;

    private final Memory actions = new Memory(ROOM);
    private final Memory attributes = new Memory(ROOM);
    private final List<Lease> moved = new ArrayList<>();

    SpawnActions(Spawn spawn) {
        CLibrary.posix_spawn_file_actions_init(actions);
        CLibrary.posix_spawnattr_init(attributes);
        check(CLibrary.posix_spawn_file_actions_addchdir_np(
                actions, spawn.directory().toString()));
        standardStreams(spawn);
        int highest = descriptors(spawn.descriptors());
        closeFrom(highest + 1);
        attributes();
    }

    Pointer actions() {
        return actions;
    }

    Pointer attributesPointer() {
        return attributes;
    }

    @Override
    public void close() {
        CLibrary.posix_spawn_file_actions_destroy(actions);
        CLibrary.posix_spawnattr_destroy(attributes);
        moved.forEach(Lease::close);
    }

    private void standardStreams(Spawn spawn) {
        if (!spawn.descriptors().containsKey(0)) {
            check(CLibrary.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", Constants.O_RDONLY, 0));
        }
        int append = Constants.O_WRONLY | Constants.O_CREAT | Constants.O_APPEND;
        check(CLibrary.posix_spawn_file_actions_addopen(
                actions, 1, spawn.output().toString(), append, OUTPUT_MODE));
        check(CLibrary.posix_spawn_file_actions_adddup2(actions, 1, 2));
    }

    private int descriptors(Map<Integer, DescriptorLease> wanted) {
        int highest = wanted.keySet().stream().mapToInt(Integer::intValue).max().orElse(2);
        int last = Math.max(highest, 2);
        wanted.forEach((target, lease) -> {
            Lease source = above(lease.descriptor(), last);
            check(CLibrary.posix_spawn_file_actions_adddup2(actions, source.descriptor(), target));
        });
        for (int gap = 3; gap < last; gap++) {
            if (!wanted.containsKey(gap)) {
                check(CLibrary.posix_spawn_file_actions_addclose(actions, gap));
            }
        }
        return last;
    }

    /** A source at or below the highest target would be overwritten by one of the earlier duplications. */
    private Lease above(int descriptor, int highest) {
        int duplicate = CLibrary.fcntl(descriptor, Constants.F_DUPFD_CLOEXEC, highest + 1);
        if (duplicate < 0) {
            check(Native.getLastError());
        }
        Lease lease = new Lease(duplicate);
        moved.add(lease);
        return lease;
    }

    private void closeFrom(int first) {
        if (CloseFrom.AVAILABLE) {
            check(CloseFrom.posix_spawn_file_actions_addclosefrom_np(actions, first));
            return;
        }
        for (int descriptor = first; descriptor < first + FALLBACK_CLOSES; descriptor++) {
            check(CLibrary.posix_spawn_file_actions_addclose(actions, descriptor));
        }
    }

    private void attributes() {
        Memory signals = new Memory(ROOM);
        CLibrary.sigfillset(signals);
        check(CLibrary.posix_spawnattr_setsigdefault(attributes, signals));
        CLibrary.sigemptyset(signals);
        check(CLibrary.posix_spawnattr_setsigmask(attributes, signals));
        check(CLibrary.posix_spawnattr_setpgroup(attributes, 0));
        int flags = Constants.SPAWN_SETPGROUP | Constants.SPAWN_SETSIGDEF | Constants.SPAWN_SETSIGMASK;
        check(CLibrary.posix_spawnattr_setflags(attributes, (short) flags));
    }

    private static void check(int error) {
        if (error != 0) {
            throw new IllegalStateException("cannot prepare a child process: " + CLibrary.strerror(error));
        }
    }
}
