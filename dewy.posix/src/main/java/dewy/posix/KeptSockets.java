package dewy.posix;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The descriptors that a service manager kept for the agent and passed on to it, as sd_listen_fds(3) says. Each can be
 * taken once. Safe for use by several threads.
 */
final class KeptSockets {
    private static final int FIRST = 3;
    private static final int MOST = 4096;

    private final Map<Integer, String> names;

    private KeptSockets(Map<Integer, String> names) {
        this.names = names;
    }

    /** Returns those that were passed to this process; they are its own for as long as it runs. */
    static KeptSockets ofThisProcess() {
        return Once.KEPT;
    }

    /** Reads an environment. What is meant for another process, or is incomplete, counts as nothing. */
    static KeptSockets of(Map<String, String> environment, long pid) {
        Map<Integer, String> names = new HashMap<>();
        String count = environment.getOrDefault("LISTEN_FDS", "0");
        if (Long.toString(pid).equals(environment.get("LISTEN_PID")) && count.matches("\\d{1,4}")) {
            List<String> given =
                    List.of(environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1));
            for (int i = 0; i < Math.min(Math.min(Integer.parseInt(count), MOST), given.size()); i++) {
                names.put(FIRST + i, given.get(i));
            }
        }
        return new KeptSockets(names);
    }

    /** Returns the descriptor of a socket, which belongs to the caller from now on and is closed on exec. */
    synchronized OptionalInt take(SocketReference reference) throws SystemCallException {
        for (Map.Entry<Integer, String> kept : names.entrySet()) {
            int passed = kept.getKey();
            boolean same = kept.getValue().equals(DescriptorStore.name(reference))
                    && SocketReference.inode(Path.of("/proc/self/fd", Integer.toString(passed))) == reference.inode();
            if (same) {
                int descriptor = Descriptors.duplicate(passed, FIRST);
                names.remove(passed);
                CLibrary.close(passed);
                return OptionalInt.of(descriptor);
            }
        }
        return OptionalInt.empty();
    }

    private static final class Once {
        static final KeptSockets KEPT =
                of(System.getenv(), ProcessHandle.current().pid());
    }
}
