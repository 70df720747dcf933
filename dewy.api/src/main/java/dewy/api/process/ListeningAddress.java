package dewy.api.process;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host a numeric address or a name; empty for all addresses; {@code /path} for a unix socket
 * @param port from 0 (any free one) to 65535; 0 for a unix socket
 */
public record ListeningAddress(String host, int port) {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(\\[[^\\]]+\\]|[^:\\[\\]]*):)?(\\d{1,5})(?:-(\\d{1,5}))?");

    /** Returns whether this is a unix socket. */
    public boolean isUnix() {
        return host.startsWith("/");
    }

    /**
     * Parses a value of {@code --port}: a comma-separated list of {@code 8080}, {@code 127.0.0.1:8080}, {@code
     * [::1]:8080}, ranges such as {@code 8080-8083} with or without a host, and absolute paths of unix sockets.
     *
     * @throws InvalidException if it is none of these
     */
    public static List<ListeningAddress> parseList(String text) throws InvalidException {
        List<ListeningAddress> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            addresses.addAll(parse(text, part.strip()));
        }
        return addresses;
    }

    private static List<ListeningAddress> parse(String text, String part) throws InvalidException {
        if (part.startsWith("/")) {
            return List.of(new ListeningAddress(part, 0));
        }
        Matcher matcher = ADDRESS.matcher(part);
        if (!matcher.matches()) {
            throw invalid(
                    text,
                    part.isEmpty()
                            ? "a port is missing beside a comma"
                            : "\"" + part + "\" is not a port, a number up to 65535");
        }
        String host = matcher.group(1) == null ? "" : matcher.group(1).replaceAll("[\\[\\]]", "");
        int first = Integer.parseInt(matcher.group(2));
        int last = matcher.group(3) == null ? first : Integer.parseInt(matcher.group(3));
        if (last > 65535 || first > last || last - first > 255) {
            throw invalid(text, "\"" + part + "\" is not a port or a range of at most 256 ports up to 65535");
        }
        List<ListeningAddress> addresses = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            addresses.add(new ListeningAddress(host, port));
        }
        return addresses;
    }

    private static InvalidException invalid(String text, String why) {
        return new InvalidException(Problem.of(
                "use the port", "\"" + text + "\"", why, "Write 8080, 127.0.0.1:8080, 8080-8083 or /run/app.sock"));
    }

    /** Returns {@code port}, {@code host:port}, {@code [host]:port} or the path. */
    @Override
    public String toString() {
        if (isUnix()) {
            return host;
        }
        String prefix = host.isEmpty() ? "" : host.contains(":") ? "[" + host + "]:" : host + ":";
        return prefix + port;
    }
}
