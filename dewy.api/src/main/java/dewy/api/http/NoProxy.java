package dewy.api.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is asked without a proxy: this host always, else what a list names as curl and Go's clients understand it. A name
 * stands for itself and all below it, {@code .name} too; with {@code :port} it is about that port alone; {@code *} is
 * everything. Addresses are compared as written, and networks ({@code 10.0.0.0/8}) with IPv4 addresses: no name is looked
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
        if (slash < 0 || !isIpv4(host) || !isIpv4(network.substring(0, slash))) {
            return false;
        }
        String length = network.substring(slash + 1);
        if (!length.matches("[12]?\\d|3[0-2]")) {
            return false;
        }
        int shift = Integer.SIZE - Integer.parseInt(length);
        return number(host) >>> shift == number(network.substring(0, slash)) >>> shift;
    }

    private static boolean isIpv4(String host) {
        return host.matches("(\\d{1,3}\\.){3}\\d{1,3}");
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }
}
