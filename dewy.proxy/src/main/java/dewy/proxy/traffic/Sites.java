package dewy.proxy.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which app a request is for where several share a listener: by the name of the host and the beginning of the path. Of all that
 * match, one with a host is taken before one without, and the longest path of those. Safe for use by several threads.
 */
public final class Sites {
    private volatile List<Map.Entry<Site, Traffic>> sites = List.of();

    /**
     * What an app answers to.
     *
     * @param host its name in lower case, without a port; empty for any
     * @param path where it begins, such as {@code /} or {@code /shop}: that, and what is below it
     */
    public record Site(String host, String path) {
        public Site {
            boolean plain = path.equals("/") || !path.endsWith("/");
            if (!path.startsWith("/") || !plain || !host.equals(host.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("\"" + host + path + "\" is not a host in lower case and a path");
            }
        }

        private boolean matches(String name, String target) {
            return (host.isEmpty() || host.equals(name)) && isBelow(target);
        }

        private boolean isBelow(String target) {
            int end = path.length();
            return path.equals("/")
                    || (target.startsWith(path)
                            && (target.length() == end || target.charAt(end) == '/' || target.charAt(end) == '?'));
        }
    }

    /** Replaces all of them in one step: what arrives sees the old ones or the new ones. */
    public void replace(Map<Site, Traffic> all) {
        List<Map.Entry<Site, Traffic>> sorted = new ArrayList<>(all.entrySet());
        Comparator<Site> named = Comparator.comparing(site -> site.host().isEmpty());
        Comparator<Site> longest = Comparator.comparing(site -> -site.path().length());
        sorted.sort(Map.Entry.comparingByKey(named.thenComparing(longest)));
        sites = sorted.stream()
                .map(site -> Map.entry(site.getKey(), site.getValue()))
                .toList();
    }

    /**
     * Returns what a request is for.
     *
     * @param host what its field Host says, in whatever case and with or without a port
     * @param target its path, with or without a query
     */
    public Optional<Traffic> find(String host, String target) {
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        return sites.stream()
                .filter(site -> site.getKey().matches(name, target))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
