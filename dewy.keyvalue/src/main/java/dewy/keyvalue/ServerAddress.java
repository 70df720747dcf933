package dewy.keyvalue;

import dewy.http.Origin;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server listens; of an IPv6 address without brackets. */
public record ServerAddress(String host, int port) {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    /** Returns the address that a text names; empty when it names none. */
    public static Optional<ServerAddress> parse(String text, int defaultPort) {
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = matcher.group(2) == null ? defaultPort : Integer.parseInt(matcher.group(2));
        String host = matcher.group(1).replaceAll("[\\[\\]]", "");
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(new ServerAddress(host, port));
    }

    public boolean isThisHost() {
        return new Origin("", urlHost().toLowerCase(Locale.ROOT), port).isThisHost();
    }

    /** Returns the host as it is written in URLs. */
    public String urlHost() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return urlHost() + ":" + port;
    }
}
