package dewy.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is asked without a proxy: this host always, else what a list names as curl and Go's clients understand it. A name
 * stands for itself and all below it, {@code .name} too; with {@code :port} it is about that port alone; {@code *} is
 * everything. Addresses are compared as written, and with networks ({@code 10.0.0.0/8}, {@code fd00::/8}): no name is looked
 * up.
 */
record NoProxy(List<String> entries) {
    static NoProxy parse(String list) {
        return new NoProxy(Stream.of(list.split("[,\\s]+", -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .toList());
    }

    boolean covers(URI target) {
        String host = target.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
        int usual = "https".equalsIgnoreCase(target.getScheme()) ? 443 : 80;
        int port = target.getPort() < 0 ? usual : target.getPort();
        return isThisHost(host) || entries.stream().anyMatch(entry -> covers(entry, host, port));
    }

    private static boolean isThisHost(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static boolean covers(String entry, String host, int port) {
        String suffix = ":" + port;
        if (entry.matches(".*[^:]:\\d+") && !entry.contains("::")) {
            return entry.endsWith(suffix) && covers(entry.substring(0, entry.length() - suffix.length()), host, port);
        }
        String name = entry.replaceFirst("^\\*?\\.", "").replaceAll("^\\[|]$", "");
        return entry.equals("*") || host.equals(name) || isBelow(host, name) || isWithin(host, entry);
    }

    private static boolean isBelow(String host, String name) {
        return host.endsWith("." + name) && !name.isEmpty() && !isIpv4(host);
    }

    private static boolean isWithin(String host, String network) {
        int slash = network.indexOf('/');
        Optional<byte[]> address = address(host);
        Optional<byte[]> start = slash < 0 ? Optional.empty() : address(network.substring(0, slash));
        if (address.isEmpty() || start.isEmpty() || address.get().length != start.get().length) {
            return false;
        }
        String length = network.substring(slash + 1);
        int longest = Byte.SIZE * address.get().length;
        return length.matches("\\d{1,3}")
                && Integer.parseInt(length) <= longest
                && beginAlike(address.get(), start.get(), Integer.parseInt(length));
    }

    private static boolean beginAlike(byte[] one, byte[] other, int bits) {
        int shift = Byte.SIZE * one.length - bits;
        BigInteger differing = new BigInteger(1, one).xor(new BigInteger(1, other));
        return differing.shiftRight(shift).signum() == 0;
    }

    private static boolean isIpv4(String host) {
        return host.matches("(\\d{1,3}\\.){3}\\d{1,3}");
    }

    /** Returns an address that is written as such; no name is looked up. */
    private static Optional<byte[]> address(String text) {
        try {
            return isIpv4(text) || text.matches("[0-9a-f:.]*:[0-9a-f:.]*")
                    ? Optional.of(InetAddress.getByName(text).getAddress())
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
