package dewy.artifact.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hosts that are asked directly: this one, and those that {@code NO_PROXY} lists: {@code *}, {@code example.com} with
 * all below it (also written {@code .example.com}), addresses, networks such as {@code 10.0.0.0/8}; each may end in {@code
 * :port}.
 */
record NoProxy(List<String> entries) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*");
    private static final Pattern HERE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern PORT = Pattern.compile("^(\\[.*]|[^:]*):(\\d+)$");

    static NoProxy parse(String list) {
        return new NoProxy(Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    boolean covers(URI uri) {
        Origin origin = Origin.of(uri);
        return HERE.matcher(origin.host()).matches() || entries.stream().anyMatch(entry -> covers(entry, origin));
    }

    private static boolean covers(String entry, Origin origin) {
        var withPort = PORT.matcher(entry);
        if (withPort.matches()) {
            return withPort.group(2).equals("" + origin.port()) && covers(withPort.group(1), origin);
        }
        String host = bare(origin.host());
        String named = bare(entry).replaceFirst("^\\*?\\.", "");
        int slash = named.indexOf('/');
        return entry.equals("*")
                || host.equals(named)
                || host.endsWith("." + named)
                || (slash > 0 && isWithin(host, named.substring(0, slash), named.substring(slash + 1)));
    }

    private static String bare(String host) {
        return host.replaceAll("[\\[\\]]", "");
    }

    private static boolean isWithin(String host, String network, String length) {
        Optional<byte[]> address = address(host);
        Optional<byte[]> start = address(network);
        if (address.isEmpty()
                || start.isEmpty()
                || address.get().length != start.get().length
                || !length.matches("\\d{1,3}")) {
            return false;
        }
        int bits = Math.min(Integer.parseInt(length), 8 * address.get().length);
        for (int bit = 0; bit < bits; bit++) {
            int differing = address.get()[bit / 8] ^ start.get()[bit / 8];
            if ((differing & (0x80 >> bit % 8)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns an address that is written as such; no name is looked up. */
    private static Optional<byte[]> address(String text) {
        try {
            return ADDRESS.matcher(text).matches()
                    ? Optional.of(InetAddress.getByName(text).getAddress())
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
