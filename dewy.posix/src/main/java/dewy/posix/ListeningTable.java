package dewy.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The listening sockets of this network namespace, whoever has them.
 *
 * @param sockets all of them
 */
record ListeningTable(List<Entry> sockets) {
    private static final String LISTENING = "0A";
    /** Where the values of a line are. */
    private static final int LOCAL = 1;

    private static final int STATE = 3;
    private static final int QUEUES = 4;
    private static final int USER = 7;
    private static final int INODE = 9;
    private static final int UNIX_STATE = 5;
    private static final int UNIX_INODE = 6;

    /**
     * A listening socket.
     *
     * @param inode its number
     * @param group what it has in common with those of its SO_REUSEPORT group: family, address, port and user
     * @param waiting how many connections wait to be accepted; 0 where the system does not tell
     */
    record Entry(long inode, String group, int waiting) {}

    /** Reads those of TCP. The system lists them before all connections, of which nothing is read. */
    static ListeningTable ofTcp() {
        List<Entry> all = new ArrayList<>();
        readTcp("tcp", all);
        readTcp("tcp6", all);
        return new ListeningTable(all);
    }

    static ListeningTable ofUnix() {
        List<Entry> all = new ArrayList<>();
        try (BufferedReader lines = open("unix")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split("\\s+", -1);
                // Other lines are continuations of paths that have line breaks.
                if (words.length > UNIX_INODE && words[UNIX_STATE].equals("01") && words[UNIX_INODE].matches("\\d+")) {
                    all.add(new Entry(Long.parseLong(words[UNIX_INODE]), "unix", 0));
                }
            }
        } catch (IOException e) {
            return new ListeningTable(all);
        }
        return new ListeningTable(all);
    }

    boolean has(long inode) {
        return sockets.stream().anyMatch(socket -> socket.inode() == inode);
    }

    /** Returns how many connections wait at a socket. */
    int waiting(long inode) {
        return sockets.stream()
                .filter(socket -> socket.inode() == inode)
                .mapToInt(Entry::waiting)
                .sum();
    }

    /** Returns the members of the SO_REUSEPORT group of a socket, in no order; none if it does not listen. */
    List<Long> groupOf(long inode) {
        return sockets.stream()
                .filter(socket -> socket.inode() == inode)
                .findFirst()
                .map(own -> sockets.stream()
                        .filter(other -> other.group().equals(own.group()))
                        .map(Entry::inode)
                        .toList())
                .orElse(List.of());
    }

    private static void readTcp(String family, List<Entry> all) {
        try (BufferedReader lines = open(family)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split("\\s+", -1);
                if (!words[STATE].equals(LISTENING)) {
                    return;
                }
                int waiting = Integer.parseInt(words[QUEUES].substring(words[QUEUES].indexOf(':') + 1), 16);
                String group = family + " " + words[LOCAL] + " " + words[USER];
                all.add(new Entry(Long.parseLong(words[INODE]), group, waiting));
            }
        } catch (IOException e) {
            // There is no such family here.
        }
    }

    private static BufferedReader open(String name) throws IOException {
        return Files.newBufferedReader(Path.of("/proc/self/net", name), StandardCharsets.ISO_8859_1);
    }
}
