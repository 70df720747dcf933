package dewy.api.store;

import java.time.Duration;

/**
 * What somebody asks for who wants a lease. Names have nothing to do with keys, and are subject to the same limits.
 *
 * @param name what only one may do at a time
 * @param owner who wants to do it: one name for each host, the same after a restart
 * @param term how long the lease is to be good, from when it is granted or renewed
 */
public record Claim(String name, String owner, Duration term) {
    public Claim {
        Limits.requireKey(name);
        Limits.requireKey(owner);
        Limits.requireTime(term);
    }
}
