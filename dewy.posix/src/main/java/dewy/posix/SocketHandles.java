package dewy.posix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this process has open of each listening socket: several apps may have one of the same, and what is to be undone when it
 * listens no more is undone with the last of them. Safe for use by several threads.
 */
final class SocketHandles {
    /** By the number of the socket. */
    private static final Map<Long, List<OpenSocket>> OPEN = new HashMap<>();

    /** What was found of sockets of an earlier agent, or stands in for them, by the numbers of these. */
    private static final Map<Long, OpenSocket> FOUND = new HashMap<>();

    private SocketHandles() {}

    static synchronized void add(OpenSocket socket) {
        OPEN.computeIfAbsent(socket.inode(), inode -> new ArrayList<>(1)).add(socket);
    }

    /** Whoever else looks for a socket is to have what was found for the first who did. */
    static synchronized void found(long inode, OpenSocket socket) {
        FOUND.put(inode, socket);
    }

    /** Returns whether nothing of the same socket is left. */
    static synchronized boolean remove(OpenSocket socket) {
        FOUND.values().removeIf(one -> one == socket);
        List<OpenSocket> left = OPEN.getOrDefault(socket.inode(), new ArrayList<>());
        left.remove(socket);
        if (left.isEmpty()) {
            OPEN.remove(socket.inode());
        }
        // Where the system numbers none, each is taken for another one.
        return left.isEmpty() || socket.inode() == 0;
    }

    /** Returns what was found for a socket of an earlier agent, as long as it is open. */
    static synchronized Optional<OpenSocket> find(long inode) {
        return Optional.ofNullable(FOUND.get(inode));
    }
}
