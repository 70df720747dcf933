package dewy.cache.redis;

/** How the primary is found among the servers that a URL names. */
sealed interface Topology {
    /** Returns whether another server may become the primary. */
    default boolean failsOver() {
        return !(this instanceof Single);
    }

    /** It is the only one. */
    record Single() implements Topology {}

    /** They are Sentinels, which know it by the name of its group, and ask for a login of their own. */
    record Sentinel(String master, Login login) implements Topology {}

    /** They are some of a cluster, of which one has all keys of an app. */
    record Cluster() implements Topology {}
}
