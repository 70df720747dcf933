package dewy.proxy.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which app a request is for where several may share a listener: by the name of the host and the beginning of the path. Of all
 * that match, one with that very host is taken before one with all below a name, this before one without, and of those the
 * one with the longest path. Safe for use by several threads.
 */
public final class Sites {
    private static final String BELOW = "*";
    private static final int MOST_WAITING = 1000;

    private final Held waiting = new Held(MOST_WAITING);
    private final long patientUntil;
    private volatile Table table = new Table(Map.of());

    /**
     * What an app answers to.
     *
     * @param host its name in lower case, without a port; {@code *.example.com} for all names below one; empty for any
     * @param path where it begins, such as {@code /} or {@code /shop}: that, and what is below it
     */
    public record Site(String host, String path) {
        /** All there is. */
        public static final Site ALL = new Site("", "/");

        public Site {
            boolean plain = path.equals("/") || !path.endsWith("/");
            boolean visible = (host + path).chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#');
            boolean known = host.lastIndexOf('*') < 1 && (host.indexOf('*') < 0 || host.matches("\\*\\.[^.].*"));
            if (!path.startsWith("/") || !plain || !visible || !known || !host.equals(host.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("\"" + host + path + "\" is not a host in lower case and a path");
            }
        }

        private boolean isAbove(String target) {
            int end = path.length();
            return path.equals("/")
                    || (target.startsWith(path)
                            && (target.length() == end || target.charAt(end) == '/' || target.charAt(end) == '?'));
        }

        @Override
        public String toString() {
            return (host.isEmpty() ? "any host" : host) + (path.equals("/") ? "" : path);
        }
    }

    private record Table(
            Map<String, List<Map.Entry<Site, Traffic>>> byHost, @Nullable Traffic all, List<Traffic> apps) {
        Table(Map<Site, Traffic> sites) {
            this(
                    new HashMap<>(),
                    sites.size() == 1 ? sites.get(Site.ALL) : null,
                    sites.values().stream().distinct().toList());
            sites.entrySet().stream()
                    .sorted(Comparator.comparing(site -> -site.getKey().path().length()))
                    .forEach(site -> byHost.computeIfAbsent(site.getKey().host(), host -> new ArrayList<>())
                            .add(Map.entry(site.getKey(), site.getValue())));
        }

        Optional<Traffic> find(String name, String target) {
            Optional<Traffic> found = among(name, target);
            for (int dot = name.indexOf('.'); dot > 0 && found.isEmpty(); dot = name.indexOf('.', dot + 1)) {
                found = among(BELOW + name.substring(dot), target);
            }
            return found.isPresent() ? found : among("", target);
        }

        private Optional<Traffic> among(String host, String target) {
            for (Map.Entry<Site, Traffic> site : byHost.getOrDefault(host, List.of())) {
                if (site.getKey().isAbove(target)) {
                    return Optional.of(site.getValue());
                }
            }
            return Optional.empty();
        }
    }

    /** Those of a listener whose apps are all there. */
    public Sites() {
        this(Duration.ZERO);
    }

    /**
     * @param patience how long from now on what nobody answers to waits: who does may be about to come
     */
    public Sites(Duration patience) {
        patientUntil = System.nanoTime() + patience.toNanos();
    }

    /** Replaces all of them in one step: what arrives sees the old ones or the new ones. */
    public void replace(Map<Site, Traffic> all) {
        table = new Table(all);
        waiting.release();
    }

    /**
     * Returns what a request is for.
     *
     * @param host what its field Host says, in whatever case and with or without a port
     * @param target its path, with or without a query
     */
    public Optional<Traffic> find(String host, String target) {
        return table.find(withoutPort(host).toLowerCase(Locale.ROOT), target);
    }

    /** Returns what everything is for, where that is the only one. */
    public @Nullable Traffic all() {
        return table.all();
    }

    /** Returns what is for whoever asks, whatever the host and the path. */
    public Optional<Traffic> withoutName() {
        return find("", "/");
    }

    /** Returns what there is. */
    List<Traffic> apps() {
        return table.apps();
    }

    /** Returns for how many nanoseconds yet what nobody answers to waits; less than one if it does not. */
    public long patience() {
        return patientUntil - System.nanoTime();
    }

    /**
     * Has something tried again when there are others; false if too much waits already.
     *
     * @param isThere tells whether somebody came since it was looked, before anybody could know of this one
     */
    public boolean hold(Runnable retry, Executor loop, BooleanSupplier isThere) {
        boolean held = waiting.add(retry, loop);
        if (held && isThere.getAsBoolean()) {
            waiting.release();
        }
        return held;
    }

    /** Returns how much waits. */
    int waiting() {
        return waiting.size();
    }

    /** It waits no more; false if it did not wait. */
    public boolean unhold(Runnable retry) {
        return waiting.remove(retry);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
