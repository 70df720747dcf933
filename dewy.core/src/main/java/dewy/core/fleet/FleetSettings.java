package dewy.core.fleet;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the hosts of an app do together. Immutable.
 *
 * @param name of all apps that are the same one on several hosts, or several times on one; empty where those are that have one
 *     name
 * @param registryTtl how long an answer of the registry to one of them serves all; empty where each asks for itself
 * @param staleAfter how long the registry may fail to answer until people are told
 */
public record FleetSettings(Optional<String> name, Optional<Duration> registryTtl, Duration staleAfter) {
    /** The parameters of the cache's URL that no plugin sees. */
    public static final List<String> PARAMETERS = List.of("fleet", "registry-ttl");

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /**
     * Reads the URL of a cache.
     *
     * @param names what a name of apps is made of
     * @throws InvalidException if the name is none, or the time makes no sense
     */
    public static FleetSettings of(PluginUrl cache, Pattern names, Duration staleAfter) throws InvalidException {
        Parameters parameters = Parameters.of(cache);
        Optional<String> name = parameters.text("fleet");
        if (name.filter(given -> !names.matcher(given).matches()).isPresent()) {
            parameters.complain(
                    "fleet", "fleet=" + name.get() + " is not made of letters, digits, dots, dashes and underscores");
        }
        Optional<Duration> ttl = parameters.text("registry-ttl").isPresent()
                ? Optional.of(parameters.duration("registry-ttl", SHORTEST))
                : Optional.empty();
        boolean makesSense = ttl.isEmpty()
                || (ttl.get().compareTo(SHORTEST) >= 0 && ttl.get().compareTo(Store.LONGEST_TIME) <= 0);
        if (!makesSense) {
            parameters.complain("registry-ttl", "registry-ttl is between 1s and 24h");
        }
        parameters.rest();
        return new FleetSettings(name, ttl, staleAfter);
    }

    /** Returns whether its hosts have to agree on something. */
    public boolean needsStore() {
        return name.isPresent() || registryTtl.isPresent();
    }

    /** Returns the URL as plugins see it. */
    public static PluginUrl without(PluginUrl cache) {
        return cache.without(Set.copyOf(PARAMETERS));
    }
}
