package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The attributes of every child: a process group of its own, default signals, an empty signal mask. */
final class SpawnAttributes implements AutoCloseable {
    private static final int ROOM = 512;
    private static final int SIGNAL_SET = 128;
    private static final int OWN_GROUP = 0;

    private final Memory memory = new Memory(ROOM);

    private SpawnAttributes() throws SystemCallException {
        check("init", CLibrary.posix_spawnattr_init(memory));
    }

    static SpawnAttributes ofOwnGroup() throws SystemCallException {
        SpawnAttributes attributes = new SpawnAttributes();
        boolean complete = false;
        try (Memory signals = new Memory(SIGNAL_SET)) {
            attributes.set(signals);
            complete = true;
            return attributes;
        } finally {
            if (!complete) {
                attributes.close();
            }
        }
    }

    Pointer pointer() {
        return memory;
    }

    @Override
    public void close() {
        CLibrary.posix_spawnattr_destroy(memory);
        memory.close();
    }

    private void set(Memory signals) throws SystemCallException {
        CLibrary.sigfillset(signals);
        check("setsigdefault", CLibrary.posix_spawnattr_setsigdefault(memory, signals));
        CLibrary.sigemptyset(signals);
        check("setsigmask", CLibrary.posix_spawnattr_setsigmask(memory, signals));
        check("setpgroup", CLibrary.posix_spawnattr_setpgroup(memory, OWN_GROUP));
        int flags = Constants.POSIX_SPAWN_SETPGROUP
                | Constants.POSIX_SPAWN_SETSIGDEF
                | Constants.POSIX_SPAWN_SETSIGMASK
                | (Constants.MACOS ? Constants.POSIX_SPAWN_CLOEXEC_DEFAULT : 0);
        check("setflags", CLibrary.posix_spawnattr_setflags(memory, (short) flags));
    }

    private static void check(String what, int number) throws SystemCallException {
        SystemCallException.checkNumber("posix_spawnattr_" + what, number);
    }
}
