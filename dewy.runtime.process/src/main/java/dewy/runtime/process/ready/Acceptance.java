package dewy.runtime.process.ready;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of the other end of a connection within this host, as proc(5) tells in {@code /proc/net/tcp}: its socket
 * belongs to nobody until a process accepts it.
 *
 * @param stage how far it has come
 * @param inode the number of its socket; 0 until it is accepted
 */
record Acceptance(Stage stage, long inode) {
    /** How far the other end of a connection has come. */
    enum Stage {
        /** It is kept from the server, until data arrive (TCP_DEFER_ACCEPT) or the server has room for it. */
        HELD_BACK,
        OPEN,
        CLOSED
    }

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String ESTABLISHED = "01";
    private static final String SYN_RECEIVED = "03";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;

    static Acceptance of(Connection connection) throws IOException {
        Set<String> theirs = spellings(connection.remote());
        Set<String> ours = spellings(connection.local());
        for (Path table : TABLES) {
            Optional<Acceptance> found = find(table, theirs, ours);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return new Acceptance(Stage.CLOSED, 0);
    }

    boolean isHeldBack() {
        return stage == Stage.HELD_BACK;
    }

    boolean isClosed() {
        return stage == Stage.CLOSED;
    }

    boolean isAccepted() {
        return stage == Stage.OPEN && inode != 0;
    }

    private static Optional<Acceptance> find(Path table, Set<String> local, Set<String> remote) throws IOException {
        if (!Files.exists(table)) {
            return Optional.empty();
        }
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > INODE && local.contains(fields[LOCAL]) && remote.contains(fields[REMOTE])) {
                    return Optional.of(new Acceptance(stage(fields[STATE]), Long.parseLong(fields[INODE])));
                }
            }
        }
        return Optional.empty();
    }

    private static Stage stage(String state) {
        return switch (state) {
            case SYN_RECEIVED -> Stage.HELD_BACK;
            case ESTABLISHED -> Stage.OPEN;
            default -> Stage.CLOSED;
        };
    }

    /** Returns how an address is written there; one of IPv4 may belong to a socket of IPv6. */
    private static Set<String> spellings(InetSocketAddress address) {
        String port = String.format(":%04X", address.getPort());
        InetAddress host = address.getAddress();
        String words = words(host.getAddress());
        Set<String> spellings = new TreeSet<>(Set.of(words + port));
        if (host.getAddress().length == 4) {
            byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
            spellings.add(words(mapped) + words + port);
        }
        return spellings;
    }

    /** Writes bytes as words of four, each in the order of this machine. */
    private static String words(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        while (buffer.hasRemaining()) {
            text.append(String.format("%08X", buffer.getInt()));
        }
        return text.toString();
    }
}
