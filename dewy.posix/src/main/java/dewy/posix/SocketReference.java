package dewy.posix;

import dewy.api.process.ListeningAddress;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells a listening socket from every other one of this host.
 *
 * @param inode its number; 0 where the system does not tell
 * @param boot what was booted
 * @param address where it listens
 */
record SocketReference(long inode, String boot, ListeningAddress address) {
    private static final Pattern TEXT =
            Pattern.compile("socket ([1-9]\\d{0,18}) ([0-9a-f-]{36}) (\\d{1,5}) ([A-Za-z0-9.*_%+-]*)");
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern LINK = Pattern.compile("socket:\\[(\\d{1,18})\\]");

    static SocketReference of(ListeningAddress address, int descriptor) {
        return new SocketReference(
                inode(Path.of("/proc/self/fd", Integer.toString(descriptor))), Host.bootId(), address);
    }

    /** Returns what {@link #toString} gave, or nothing if a text is something else. */
    static Optional<SocketReference> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        try {
            return matcher.matches()
                    ? address(matcher.group(4), Integer.parseInt(matcher.group(3)))
                            .map(address ->
                                    new SocketReference(Long.parseLong(matcher.group(1)), matcher.group(2), address))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<ListeningAddress> address(String encodedHost, int port) {
        String host = URLDecoder.decode(encodedHost, StandardCharsets.UTF_8);
        return port > HIGHEST_PORT || host.contains("\0")
                ? Optional.empty()
                : Optional.of(new ListeningAddress(host, port));
    }

    /** Returns the number of the socket that a descriptor, an entry of a folder {@code fd}, stands for; 0 if of none. */
    static long inode(Path descriptor) {
        try {
            Matcher matcher = LINK.matcher(Files.readSymbolicLink(descriptor).toString());
            return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns one line of printable ASCII. */
    @Override
    public String toString() {
        String host = URLEncoder.encode(address.host(), StandardCharsets.UTF_8);
        return "socket " + inode + " " + boot + " " + address.port() + " " + host;
    }
}
